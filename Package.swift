// swift-tools-version: 6.1

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, resources: resources,
        swiftSettings: strict)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let hummingbird: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "equipoise",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "equipoise", targets: ["equipoise"]),
        .library(name: "EquipoiseDiagnosis", targets: ["EquipoiseDiagnosis"]),
        .library(name: "EquipoiseRuns", targets: ["EquipoiseRuns"]),
        .library(name: "EquipoiseTraining", targets: ["EquipoiseTraining"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CCairo", pkgConfig: "cairo-ft", providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(
            name: "CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CSQLiteSettings", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        // Its other half, Sources/TorchLibrary, is compiled by Scripts/bootstrap.
        .target(name: "CTorch"),

        library("UserFolders"),
        library("Torch", ["CTorch", "UserFolders"]),
        library("Measurements"),
        .target(
            name: "Recipes", dependencies: [yams], resources: [.embedInCode("Catalog")], swiftSettings: strict),
        library("Diagnostics", ["Measurements", "Recipes"]),
        .target(
            name: "EventFiles", dependencies: ["Measurements", protobuf], exclude: ["tensorboard.proto"],
            swiftSettings: strict),
        library("Logs", ["Measurements", "Recipes", "Diagnostics", "DataFiles", "EventFiles"]),
        library("Runs", ["CSQLiteSettings", "UserFolders", "Measurements", "Recipes", "Diagnostics", grdb]),
        library("Exporters", ["Measurements", "Recipes", "Runs", "EventFiles"]),
        library("Watching", ["Measurements", "Recipes", "Diagnostics", "Logs", "Runs"]),
        .target(
            name: "Reports",
            dependencies: [
                "Measurements", "Recipes", "Diagnostics", "Runs", "Images", "Charts", "UserFolders", crypto,
            ],
            resources: [.embedInCode("Page")],
            swiftSettings: strict),
        .target(
            name: "Dashboard",
            dependencies: ["DataFiles", "Measurements", "Recipes", "Diagnostics", "Runs", "Reports", crypto]
                + hummingbird,
            resources: [.embedInCode("Page")], swiftSettings: strict),
        library("Images", ["CPNG", "CTurboJPEG"]),
        .target(
            name: "Charts", dependencies: ["CCairo", "Images"], resources: [.embedInCode("Font")],
            swiftSettings: strict),
        library("DataFiles", ["CZlib"]),
        library("DatasetFiles", ["DataFiles", "UserFolders", crypto]),
        library("Networks", ["Torch"]),
        library("Datasets", ["Torch", "DataFiles", "DatasetFiles", "Images"]),
        library("Adversarial", ["Torch", "Networks", "Recipes"]),
        library("Evaluation", ["Torch", "Networks"]),
        library(
            "Training",
            [
                "Torch", "Measurements", "Recipes", "Diagnostics", "Runs", "Networks", "DatasetFiles",
                "Datasets",
                "Adversarial", "Evaluation", "Images", "Charts", "UserFolders",
            ]),
        library(
            "Sessions",
            [
                "Torch", "Measurements", "Recipes", "Diagnostics", "Logs", "Runs", "Reports", "EventFiles", "Exporters",
                "DataFiles", "DatasetFiles", "Datasets", "Images", "Evaluation", "Training",
            ]),
        library(
            "Studies",
            [
                "Torch", "Measurements", "Recipes", "Diagnostics", "Runs", "Adversarial", "DataFiles", "DatasetFiles",
                "Datasets", "Evaluation", "Training", "Sessions",
            ]),
        // What the products export: a module each, so that a dependent needs one import.
        library("EquipoiseDiagnosis", ["Measurements", "Recipes", "Diagnostics", "Logs"]),
        library(
            "EquipoiseRuns",
            ["EquipoiseDiagnosis", "Runs", "Watching", "Reports", "EventFiles", "Exporters", "Dashboard"]),
        library(
            "EquipoiseTraining",
            [
                "EquipoiseDiagnosis", "Torch", "Networks", "DataFiles", "DatasetFiles", "Images", "Charts", "Datasets",
                "Adversarial", "Evaluation", "Training", "Runs", "Exporters", "Sessions",
            ]),
        .executableTarget(
            name: "equipoise",
            dependencies: [
                "Sessions", "Studies", "Training", "Measurements", "Recipes", "Diagnostics", "Logs", "Evaluation",
                "Adversarial", "Networks",
                "Datasets", "DataFiles", "DatasetFiles",
                "Images", "Exporters", "Reports", "Watching", "Dashboard", "Runs", "Torch", argumentParser,
            ],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Torch", "DataFiles"], path: "Tests/TestSupport", swiftSettings: strict),
        tests("Torch", ["CTorch", "TestSupport"]),
        tests("Recipes", ["TestSupport"]),
        tests("Runs", ["Measurements", "Recipes", "Diagnostics", "TestSupport", grdb]),
        tests("Diagnostics", ["Measurements", "Recipes"]),
        tests("Logs", ["Measurements", "Recipes", "Diagnostics", "DataFiles", "EventFiles"]),
        tests("EventFiles", ["Measurements"]),
        tests("Exporters", ["Measurements", "Recipes", "Runs", "Logs", "TestSupport"]),
        tests("Reports", ["Measurements", "Recipes", "Runs"]),
        tests(
            "Dashboard",
            [
                "Measurements", "Recipes", "Diagnostics", "Runs", "Reports", grdb,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + hummingbird),
        tests("Images"),
        tests("Charts", ["Images"]),
        tests("DataFiles", ["TestSupport"]),
        tests("DatasetFiles", ["DataFiles", "TestSupport"]),
        tests("Networks", ["Torch", "TestSupport"]),
        tests("Datasets", ["Torch", "DataFiles", "Images", "TestSupport"]),
        tests("Adversarial", ["Torch", "Networks", "Recipes", "TestSupport"]),
        tests("Evaluation", ["Torch", "TestSupport"]),
        tests(
            "Training",
            [
                "Torch", "Measurements", "Recipes", "Diagnostics", "Runs", "Networks", "Datasets", "DataFiles",
                "DatasetFiles",
                "Adversarial", "Evaluation",
                "Images",
                "TestSupport",
            ]),
        .testTarget(
            name: "SessionsTests", dependencies: ["EquipoiseTraining", "EquipoiseRuns", "TestSupport", grdb],
            swiftSettings: strict),
        tests(
            "Studies",
            ["Torch", "DataFiles", "Datasets", "Diagnostics", "Training", "TestSupport"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["equipoise", "Recipes", "DataFiles", "Images", "Torch", "TestSupport", argumentParser],
            exclude: ["Help"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
