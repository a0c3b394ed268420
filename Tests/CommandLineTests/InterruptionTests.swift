import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct InterruptionTests {
    private func finalWeights(_ program: Program) throws -> [Data] {
        let folder = try program.runFolder().appending(path: "checkpoints/step-00000050")
        return try ["generator", "discriminator"].map {
            try Data(contentsOf: folder.appending(path: "\($0).safetensors"))
        }
    }

    private func expected() throws -> (losses: [String], weights: [Data]) {
        let program = try Program()
        #expect(try program.run(Program.tiny).code == 0)
        return (try program.losses(), try finalWeights(program))
    }

    /// Kills the training at random moments, five times over, then lets it end.
    @Test func killedAtAnyMomentItGoesOnBitForBit() throws {
        let start = Date()
        let expected = try expected()
        let duration = -start.timeIntervalSinceNow
        #expect(expected.losses.count == 51)
        var random = SystemRandomNumberGenerator()
        let program = try Program()
        let flags = Program.tiny + ["--set", "checkpoints.everySteps=3"]
        var delays: [Double] = []
        for _ in 0..<5 {
            let runs = (try? program.runFolder()) != nil
            let (process, _, _) = try program.start(runs ? ["resume", "latest"] : flags)
            let delay = Double.random(in: 0.2...0.8, using: &random) * duration
            delays.append(delay)
            Thread.sleep(forTimeInterval: delay)
            let wasRunning = process.isRunning
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if !wasRunning { break }
            if (try? program.runFolder()) != nil {
                let shown = try program.run("show", "latest", "--json")
                // A kill in the very last moments finds a run that is finished.
                let states = ["interrupted", "finished"].map { "\"state\" : \"\($0)\"" }
                #expect(states.contains { shown.output.contains($0) }, "\(shown.output)\(shown.errors)")
            }
        }
        if (try? program.runFolder()) == nil {
            #expect(try program.run(flags).code == 0)
        } else {
            let last = try program.run("resume", "latest")
            #expect(last.code == 0 || last.errors.contains("finished"), "\(delays): \(last.errors)")
        }
        #expect(try program.losses() == expected.losses, "killed after \(delays)")
        #expect(try finalWeights(program) == expected.weights, "killed after \(delays)")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalSavesAndSaysHowToGoOn(_ signal: Int32) throws {
        let expected = try expected()
        let program = try Program()
        let (process, _, errors) = try program.start(
            Program.tiny + ["--epochs", "10", "--set", "samples.everySteps=1"])
        // Wait for the first sheet: then steps are being made.
        let deadline = Date().addingTimeInterval(60)
        while Date() < deadline {
            let samples = try? FileManager.default.contentsOfDirectory(
                atPath: program.runFolder().appending(path: "samples").path)
            if samples?.isEmpty == false { break }
            Thread.sleep(forTimeInterval: 0.005)
        }
        kill(process.processIdentifier, signal)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130, "\(text)")
        #expect(text.contains("equipoise resume"))
        #expect(!text.contains("--runs"))
        #expect(try program.run("show", "latest", "--json").output.contains("\"state\" : \"stopped\""))
        #expect(try program.run("resume", "latest").code == 0)
        #expect(try program.losses() == expected.losses)
        #expect(try finalWeights(program) == expected.weights)
    }

    @Test func aTerminalThatIsGoneDoesNotEndATraining() throws {
        let program = try Program()
        let (process, output, errors) = try program.start(Program.tiny)
        try errors.fileHandleForReading.close()
        try output.fileHandleForReading.close()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        #expect(try program.run("show", "latest", "--json").output.contains("\"state\" : \"finished\""))
    }

    @Test func aResumePastABrokenCheckpointKeepsTheSoundOnes() throws {
        let expected = try expected()
        let program = try Program()
        let (process, _, errors) = try program.start(Program.tiny + ["--set", "checkpoints.everySteps=2"])
        while (try? program.checkpoints().count) ?? 0 < 3, process.isRunning { Thread.sleep(forTimeInterval: 0.005) }
        process.interrupt()
        _ = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let newest = try #require(try program.checkpoints().last)
        try Data().write(to: newest.appending(path: "state.safetensors"))
        let resumed = try program.run("resume", "latest", "--device", "cpu")
        #expect(resumed.code == 0 && resumed.errors.contains("cannot be used"), "\(resumed.errors)")
        #expect(try program.losses() == expected.losses)
        #expect(try finalWeights(program) == expected.weights)
        // Three, and one from before what the monitor may still find to have gone wrong.
        #expect(try program.checkpoints().count == 4)
    }

    @Test func theHintFindsARunElsewhere() throws {
        let program = try Program()
        let outcome = try program.run(
            Program.tiny + ["--runs", "other place", "--max-steps", "4", "--on-failure", "stop"])
        #expect(outcome.code == 0)
        let hint = outcome.errors.split(separator: "\n").last { $0.contains("equipoise diagnose") } ?? ""
        let folder = try #require(hint.firstMatch(of: /diagnose '(.+)'/)?.1)
        #expect(FileManager.default.fileExists(atPath: "\(folder)/run.sqlite"))
    }

    @Test func aRunWhoseFolderIsDeletedHasFailed() throws {
        let program = try Program()
        let (process, _, errors) = try program.start(
            Program.tiny + ["--epochs", "400", "--set", "checkpoints.everySteps=50"])
        while (try? program.checkpoints().count) ?? 0 < 1, process.isRunning { Thread.sleep(forTimeInterval: 0.005) }
        try FileManager.default.removeItem(at: program.url.appending(path: "runs"))
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1 && text.contains("moved or deleted"), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: program.url.appending(path: "runs").path))
    }

    @Test func aRunInUseIsLeftAlone() throws {
        let program = try Program()
        let (process, _, _) = try program.start(Program.tiny + ["--epochs", "100000", "--quiet"])
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let deadline = Date().addingTimeInterval(60)
        while (try? program.run("show", "latest").code) != 0, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
        let outcome = try program.run("resume", "latest")
        #expect(outcome.code == 1 && outcome.errors.contains("process"), "\(outcome.errors)")
        #expect(process.isRunning)
    }
}
