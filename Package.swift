// swift-tools-version: 6.1

import Foundation
import PackageDescription

// `Scripts/bootstrap` leaves the link; without it, the first C++ file says what is missing.
let libtorch = Context.packageDirectory + "/.libtorch"

let includeFlags = [
    "-isystem", libtorch + "/include",
    "-isystem", libtorch + "/include/torch/csrc/api/include",
]
let libraries = ["torch", "torch_cpu", "c10"]
let cudaLibraries = ["torch_cuda", "c10_cuda"].filter {
    FileManager.default.fileExists(atPath: libtorch + "/lib/lib\($0).so")
}
// The linker would drop libtorch_cuda, which nothing names: it registers its kernels when it is loaded.
let linkerFlags =
    ["-L" + libtorch + "/lib", "-Xlinker", "-rpath", "-Xlinker", libtorch + "/lib", "-Xlinker", "--no-as-needed"]
    + (libraries + cudaLibraries).map { "-l" + $0 } + ["-Xlinker", "--as-needed"]

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "equipoise",
    platforms: [.macOS(.v14)],
    products: [
        .library(name: "Torch", targets: ["Torch"])
    ],
    targets: [
        .target(
            name: "CTorch",
            cxxSettings: [.unsafeFlags(includeFlags + ["-fvisibility=hidden", "-Wno-unused-parameter"])],
            linkerSettings: [.unsafeFlags(linkerFlags)]),
        .target(name: "Torch", dependencies: ["CTorch"], swiftSettings: strict),
        .target(name: "Networks", dependencies: ["Torch"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)
