import DataFiles
import Foundation
import Images
import Recipes
import Testing
import Torch

@Suite struct CommandTests {
    @Test func aTrainingLeavesEverythingBehind() throws {
        let program = try Program()
        let trained = try program.run(Program.tiny + ["--name", "first"])
        #expect(trained.code == 0, "\(trained.errors)")
        #expect(trained.output.isEmpty && trained.errors.contains("Finished after step 50, epoch 10, 400 examples."))
        let folder = try program.runFolder()
        for file in ["run.sqlite", "configuration.yaml", "console.log", "losses.png", "samples/epoch-0010.png"] {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: file).path), "\(file)")
        }
        #expect(try program.run("list").output.contains("first"))
        let shown = try program.run("show", "first")
        #expect(shown.code == 0 && shown.output.contains("finished") && shown.output.contains("LibTorch 2."))

        let csv = try program.losses()
        #expect(
            csv[0]
                == "step,epoch,images_seen,loss_generator,loss_discriminator_real,loss_discriminator_fake,probability_real,probability_fake"
        )
        #expect(csv.count == 51 && csv[50].hasPrefix("50,10,400,"))

        #expect(try program.run("sample", "first", "--count", "9", "-o", "grid.png").code == 0)
        #expect(try ImageFile.read(program.url.appending(path: "grid.png")).width == 3 * 56 + 4 * 2)
        #expect(try program.run("sample", "first", "--count", "5", "-o", "five.npy").code == 0)
        #expect(try NPY.read(program.url.appending(path: "five.npy")).shape == [5, 1, 28, 28])
        #expect(try program.run("sample", "first", "--count", "2", "-o", "many").code == 0)
        #expect(try ImageFolder.list(program.url.appending(path: "many")).count == 2)

        #expect(try program.run(Program.tiny + ["--latent", "5"]).code == 0)
        let compared = try program.run("compare", "first", "latest")
        #expect(compared.code == 0 && compared.output.contains("network.latent"))
        #expect(!compared.output.contains("generatorWidth"))

        let elsewhere = try Program()
        try FileManager.default.removeItem(at: elsewhere.url.appending(path: "discs.idx"))
        let moved = try elsewhere.run("sample", folder.path, "--count", "1", "-o", "one.png")
        #expect(moved.code == 0, "\(moved.errors)")

        let again = try program.run("resume", "first")
        #expect(again.code == 1 && again.errors.contains("finished"))
    }

    @Test func onlyTensorsNeedLibTorch() throws {
        let program = try Program()
        #expect(try program.run(Program.tiny).code == 0)
        let plotly = program.url.appending(path: "plotly.js")
        try Data("window.Plotly = {};".utf8).write(to: plotly)
        let without = ["EQUIPOISE_TORCH": program.url.path, "EQUIPOISE_PLOTLY": plotly.path]
        for arguments in [
            ["--help"], ["--generate-completion-script", "bash"], ["list"], ["show", "latest"],
            ["compare", "latest", "latest"], ["export", "latest", "--format", "csv"], ["report", "latest"],
            ["data", "list"],
            ["train", "quick", "--dry-run"],
        ] {
            let outcome = try program.run(arguments, environment: without)
            #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
        }
        let judged = try program.run(["diagnose", "latest"], environment: without)
        #expect(judged.code == 0 && judged.output.contains("UNDECIDED"), "\(judged.errors)")
        #expect(judged.output.contains("EQUIPOISE_TORCH names"))

        let losses = (1...40).map { "\($0),\(0.7 + 0.01 * Double($0 % 7)),\(1.3 + 0.01 * Double($0 % 5))" }
        let log = program.url.appending(path: "log.csv")
        try Data((["step,g_loss,d_loss"] + losses).joined(separator: "\n").utf8).write(to: log)
        let diagnosed = try program.run(["diagnose", "--losses", log.path], environment: without)
        #expect(diagnosed.code == 0 && diagnosed.output.contains("Losses"), "\(diagnosed.errors)")

        let (dashboard, output, _) = try program.start(["dashboard", "--port", "0"], environment: without)
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(line.hasPrefix("The dashboard is at http://127.0.0.1:"))
        dashboard.interrupt()
        dashboard.waitUntilExit()
        #expect(dashboard.terminationStatus == 0)

        let refused = try program.run(Program.tiny, environment: without)
        #expect(refused.code == 1)
        #expect(refused.errors.hasPrefix("EQUIPOISE_TORCH names "), "\(refused.errors)")
        #expect(refused.errors.contains("Scripts/bootstrap"))

        #expect(refused.errors.contains(program.url.path))
        let samples = ["diagnose", "--samples", "discs.idx", "--reference", "discs.idx"]
        #expect(try program.run(samples, environment: without).code == 1)

        let name = try #require(LibTorch.libraryFile?.lastPathComponent)
        try Data("none".utf8).write(to: program.url.appending(path: name))
        let broken = try program.run(Program.tiny, environment: without)
        #expect(broken.code == 1 && broken.errors.hasPrefix("LibTorch cannot be loaded ("), "\(broken.errors)")
    }

    @Test func dryRunPrintsTheConfigurationAndDoesNothing() throws {
        let program = try Program()
        let outcome = try program.run(Program.tiny + ["--dry-run", "--set", "optimizer.generator.beta1=0.9"])
        #expect(outcome.code == 0 && outcome.output.contains("beta1: 0.9") && outcome.output.contains("latent: 4"))
        #expect(!FileManager.default.fileExists(atPath: program.url.appending(path: "runs").path))
    }

    @Test(arguments: RecipeCatalog.recipes.map(\.name))
    func everyRecipeTrains(_ recipe: String) throws {
        let program = try Program()
        let shown = try program.run("train", recipe, "--dry-run")
        #expect(shown.code == 0 && shown.output.hasPrefix("recipe: \(recipe)\n"), "\(shown.errors)")
        let arePoints = try RecipeCatalog.configuration(recipe).makesPoints
        // The made-up images have no labels.
        let data = arePoints ? [] : ["--data", "discs.idx", "--set", "network.classes=0"]
        let outcome = try program.run(
            ["train", recipe, "--max-steps", "3", "--batch-size", "20", "--set", "data.limit=40"] + data)
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    @Test(arguments: RecipeCatalog.zoo.map(\.name))
    func everyRecipeOfTheZooIsValid(_ recipe: String) throws {
        #expect(throws: Never.self) { try RecipeCatalog.configuration(zoo: recipe).validated() }
    }

    @Test func everyKeyIsListedWithItsDefault() throws {
        let program = try Program()
        let all = try program.run("keys", "--json")
        let entries = try #require(try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
        let paths = entries.compactMap { $0["key"] as? String }
        #expect(paths == (TrainingConfiguration.sharedKeys + TrainingConfiguration.keys).map(\.path))
        #expect(entries.first { $0["key"] as? String == "network.latent" }?["default"] as? Int == 128)
        let some = try program.run("keys", "CLIP")
        #expect(some.code == 0 && some.output.contains("penalties.weightClip: 0\n") && !some.output.contains("latent"))
        let none = try program.run("keys", "nosuch")
        #expect(none.code == 1 && none.errors == "No key contains “nosuch”; equipoise keys lists all of them.\n")
    }

    @Test func everyKeyIsAFlag() throws {
        let program = try Program()
        let flags = try program.run(
            "train", "--network.spectralNorm", "quick", "--training.packing", "2", "--optimizer.learningRate=0.001",
            "--optimizer.generator.learningRate", "0.002", "--data.skipBroken", "off", "--dry-run")
        let assignments = try program.run(
            "train", "quick", "--set", "network.spectralNorm=true", "--set", "training.packing=2", "--set",
            "optimizer.learningRate=0.001", "--set", "optimizer.generator.learningRate=0.002", "--dry-run")
        #expect(flags.code == 0 && !flags.output.isEmpty && flags.output == assignments.output, "\(flags.errors)")
        for (arguments, words) in [
            (["--training.packin", "2"], "training.packing"),
            (["--training.packing"], "training.packing” needs a value"), (["--network.bogus"], "network.bogus"),
            (["--training.packing", "no"], "from 1 to 64"), (["--traning.packing", "2"], "--traning.packing"),
        ] {
            let refused = try program.run(["train", "quick", "--dry-run"] + arguments)
            #expect(refused.code != 0 && refused.errors.contains(words), "\(refused.errors)")
        }
    }

    @Test func theBenchmarkSaysWhereTheTimeGoes() throws {
        let outcome = try Program().run(
            ["benchmark"] + Program.tiny[1...] + ["--epochs", "1", "--steps", "7", "--json"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect((report?["imagesPerSecond"] as? Double ?? 0) > 0)
        // An epoch has five steps; a benchmark goes on into the next.
        #expect((report?["stepSeconds"] as? [Double])?.count == 7)
        #expect((report?["secondsByPhase"] as? [String: Double])?["generator: backward"] ?? 0 > 0)
    }
}
