import DataFiles
import Foundation
import Images
import TestSupport
import Testing

@Suite struct DiagnosisTests {
    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// A CSV file as another program would write it.
    private func losses(_ program: Program, _ row: (Int) -> String) throws {
        let text = "it,G_loss,D_real,D_fake\n" + (1...600).map { "\($0),\(row($0))" }.joined(separator: "\n")
        try Data(text.utf8).write(to: program.url.appending(path: "losses.csv"))
    }

    @Test func anotherProgramsLossesAreJudged() throws {
        let program = try Program()
        // Losses that never change are a failure of their own.
        try losses(program) { "12.\($0 % 7),0.00001\($0 % 5),0.00001\($0 % 3)" }
        let failed = try program.run(
            "diagnose", "--losses", "losses.csv", "--column", "loss_generator=G_loss", "--json")
        #expect(failed.code == 3, "\(failed.errors)")
        let verdict = try object(failed.output)
        let findings = try #require(verdict["findings"] as? [[String: Any]])
        try #require(!findings.isEmpty)
        #expect(verdict["verdict"] as? String == "failed" && findings[0]["failure"] as? String == "convergence-failure")
        #expect(findings[0]["pattern"] as? String == "discriminator-wins" && findings[0]["since_step"] as? Int == 1)
        let evidence = try #require(findings[0]["evidence"] as? [[String: Any]])
        #expect(Set(evidence[0].keys) == ["signal", "value", "threshold", "from_step", "to_step"])
        let text = try program.run("diagnose", "--losses", "losses.csv")
        #expect(text.code == 3 && text.output.contains("FAILED: convergence failure"))
        #expect(text.output.contains("only losses") && text.output.contains("Remedies"))
        #expect(text.output.contains("since step 1)") && text.output.contains("steps 1 to 600"))
        let epochs = try String(contentsOf: program.url.appending(path: "losses.csv"), encoding: .utf8)
            .replacing("it,", with: "epoch,")
        try Data(epochs.utf8).write(to: program.url.appending(path: "epochs.csv"))
        let counted = try program.run("diagnose", "--losses", "epochs.csv").output
        #expect(counted.contains("since epoch 1)") && counted.contains("epochs 1 to 600"), "\(counted)")

        // The objective may be given as a fact as well.
        for option in [["--objective", "hinge"], ["--set", "objective=hinge"]] {
            let hinge = try program.run(["diagnose", "--losses", "losses.csv"] + option)
            #expect(hinge.code == 0 && hinge.output.contains("no known scale for the objective hinge"))
        }
        let torn = try program.run(
            ["diagnose", "--losses", "losses.csv", "--objective", "hinge", "--set", "objective=minimax"])
        #expect(torn.code == 1 && torn.errors.contains("give it once"), "\(torn.errors)")

        try losses(program) { "0.9\($0 % 7),0.6\($0 % 5),0.6\($0 % 3)" }
        let sound = try program.run("diagnose", "--losses", "losses.csv")
        #expect(
            sound.code == 0 && sound.output.contains("HEALTHY, judging by the losses alone"),
            "\(sound.output)\(sound.errors)")
    }

    @Test func samplesOfAnotherProgramAreJudged() throws {
        let program = try Program()
        try IDX.write(
            IDXArray(dimensions: [400, 28, 28], bytes: Fixture.discs(400)), to: program.url.appending(path: "many.idx"))
        // One image, again and again.
        let one = Array(Fixture.discs(8)[784 * 3..<784 * 4])
        try NPY.write(
            NPYArray((0..<200).flatMap { _ in one }, shape: [200, 28, 28]), to: program.url.appending(path: "same.npy"))
        let failed = try program.run(
            "diagnose", "--samples", "same.npy", "--reference", "many.idx", "--images", "shown", "--json")
        #expect(failed.code == 3, "\(failed.errors)")
        let patterns = try #require(try object(failed.output)["findings"] as? [[String: Any]]).map {
            $0["pattern"] as? String
        }
        #expect(patterns.contains("complete-collapse"))
        // A log that says nothing keeps the samples from nothing.
        try Data("1 2\n3 4\n".utf8).write(to: program.url.appending(path: "numbers.txt"))
        let unread = ["diagnose", "--losses", "numbers.txt"]
        #expect(try program.run(unread).code == 1)
        let judged = try program.run(unread + ["--samples", "same.npy", "--reference", "many.idx"])
        #expect(judged.code == 3 && judged.output.contains("The log was not judged, only the samples"))
        #expect(try ImageFolder.list(program.url.appending(path: "shown")).count >= 1)
        var broken = [Float](repeating: 0, count: 200 * 784)
        broken[5] = .nan
        try NPY.write(NPYArray(broken, shape: [200, 28, 28]), to: program.url.appending(path: "nan.npy"))
        let notFinite = try program.run("diagnose", "--samples", "nan.npy", "--reference", "many.idx")
        #expect(notFinite.code == 3 && notFinite.output.contains("not finite"), "\(notFinite.output)")
        // Of few examples there are few bins.
        let few = try program.run("ndb", "--samples", "discs.idx", "--reference", "discs.idx", "--json")
        let detail = try #require(try object(few.output)["detail"] as? [String: Any])
        #expect((detail["bins"] as? [Any])?.count == 4)
        let ndb = try program.run("ndb", "--samples", "same.npy", "--reference", "many.idx", "--bins", "10", "--json")
        let share = try object(ndb.output)["ndb"] as? Double
        #expect(ndb.code == 0 && share ?? 0 > 0.8, "\(ndb.errors)")
        let evaluated = try program.run(
            "evaluate", "--samples", "same.npy", "--reference", "many.idx", "--bins", "10")
        #expect(evaluated.code == 0 && evaluated.output.contains("Fréchet distance"), "\(evaluated.errors)")
    }

    @Test func aRunIsWatchedJudgedAndNotified() throws {
        let program = try Program()
        try IDX.write(
            IDXArray(dimensions: [160, 28, 28], bytes: Fixture.discs(160)), to: program.url.appending(path: "discs.idx")
        )
        let trained = try program.run(
            // Half of it is the time in which samples of noise are no failure yet.
            Program.tiny + [
                "--epochs", "20", "--set", "optimizer.generator.learningRate=1e-12", "--set", "monitor.everyImages=160",
                "--set",
                "monitor.samples=64", "--set", "monitor.budget=1", "--on-failure", "stop", "--notify",
                "echo \"$EQUIPOISE_FINDING\" > notice.json",
            ])
        #expect(trained.code == 3 && trained.errors.contains("try: "), "\(trained.errors)")
        let notice = try object(String(contentsOf: program.url.appending(path: "notice.json"), encoding: .utf8))
        #expect(notice["pattern"] != nil && notice["remedies"] != nil)
        let diagnosed = try program.run("diagnose", "latest")
        #expect(diagnosed.code == 3 && diagnosed.output.contains("image: "), "\(diagnosed.output)")
        #expect(diagnosed.output.contains("equipoise retry ") && diagnosed.output.contains("    --set "))
        // Everybody says the same of it.
        let judged = try object(program.run("diagnose", "latest", "--json").output)
        #expect(judged["verdict"] as? String == "failed" && (judged["judged"] as? [String: String])?.count == 3)
        let worst = try #require((judged["findings"] as? [[String: Any]])?.first)
        let shown = try object(program.run("show", "latest", "--json").output)["diagnosis"] as? [String: Any]
        #expect(shown as NSDictionary? == judged as NSDictionary)
        let list = try JSONSerialization.jsonObject(with: Data(program.run("list", "--json").output.utf8))
        let listed = try #require((list as? [[String: Any]])?.first)
        #expect(listed["verdict"] as? String == "failed" && listed["pattern"] as? String == worst["pattern"] as? String)
        #expect(trained.errors.contains("FAILED: ") && trained.errors.contains(worst["summary"] as? String ?? "–"))
        let csv = try program.run("export", "latest", "--format", "csv").output
        #expect(csv.prefix { $0 != "\n" }.contains("coverage"))
        // What is exported is judged as the run is.
        try program.run("export", "latest", "--format", "csv", "-o", "out.csv")
        try program.run("export", "latest", "--format", "tensorboard", "-o", "events")
        for file in ["out.csv", "events"] {
            let exported = try program.run("diagnose", "--losses", file, "--objective", "non-saturating", "--json")
            let diagnosis = try object(exported.output)
            func patterns(_ diagnosis: [String: Any]) -> [String] {
                (diagnosis["findings"] as? [[String: Any]] ?? []).compactMap { $0["pattern"] as? String }
            }
            #expect(exported.code == 3 && patterns(diagnosis) == patterns(judged), "\(file): \(exported.errors)")
            #expect(diagnosis["judged"] as? [String: String] == judged["judged"] as? [String: String], "\(file)")
        }
        // Who resumes a failed run wants it to go on.
        let resumed = try program.run("resume", "latest", "--quiet", "--on-failure", "stop")
        #expect(resumed.code == 0, "\(resumed.errors)")

        let parent = try object(program.run("show", "latest", "--json").output)
        let tried = try program.run("retry", "latest", "--dry-run")
        #expect(tried.code == 0 && tried.output.contains(" → "), "\(tried.errors)")
        let missing = try program.run("retry", "latest", "--remedy", "99")
        #expect(missing.code == 1 && missing.errors.contains("99"), "\(missing.errors)")
        let remedied = try #require(tried.output.split(separator: "\n").first { $0.contains(" → ") })
        let parts = remedied.split(separator: " ").map(String.init)
        let undone = try program.run(
            "retry", "latest", "--dry-run", "--set", "\(parts[0].dropLast())=\(parts[1])")
        #expect(undone.code == 1 && undone.errors.contains("undo everything"), "\(undone.output)\(undone.errors)")
        let again = try program.run("retry", "latest", "--quiet", "--name", "second", "--set", "training.maxSteps=2")
        #expect(again.code == 0, "\(again.errors)")
        let child = try object(program.run("show", "second", "--json").output)
        let (metadata, parentMetadata) = (child["metadata"] as? [String: Any], parent["metadata"] as? [String: Any])
        #expect(metadata?["parent"] as? String == parentMetadata?["id"] as? String && metadata?["parent"] != nil)
    }

    /// Losses that overflow, until the remedy takes Adam.
    @Test func aTrainingIsRepaired() throws {
        let program = try Program()
        let overflowing = [
            "--set", "objective=least-squares", "--set", "optimizer.kind=sgd", "--set", "optimizer.learningRate=50",
            "--set", "checkpoints.everySteps=2", "--set", "monitor.everyImages=0",
        ]
        let stopped = try program.run(Program.tiny + overflowing + ["--on-failure", "stop", "--name", "first"])
        #expect(stopped.code == 3, "\(stopped.errors)")
        let repaired = try program.run(Program.tiny + overflowing + ["--on-failure", "repair", "--name", "mended"])
        #expect(repaired.code == 0, "\(repaired.errors)")
        #expect(repaired.errors.contains("repair 1 of up to 3: Train with Adam"), "\(repaired.errors)")
        let shown = try object(program.run("show", "latest", "--json").output)
        let metadata = try #require(shown["metadata"] as? [String: Any])
        let remedy = try #require(metadata["remedy"] as? [String: Any])
        #expect(remedy["title"] as? String == "Train with Adam" && metadata["parent"] != nil)
        #expect((remedy["reason"] as? String)?.contains("NaN") == true, "\(remedy)")
        let words = try program.run("show", "latest").output
        #expect(words.contains("remedy      Train with Adam, from"), "\(words)")
        let list = try program.run("list", "--json").output
        #expect(list.contains("\"mended\"") && list.contains("\"mended+1\""), "\(list)")
        // Without a remedy left, or after the last repair, it ends.
        let hopeless = try program.run(
            Program.tiny + overflowing + ["--on-failure", "repair", "--repairs", "0"])
        #expect(hopeless.code == 64 && hopeless.errors.contains("--repairs"))
    }

    /// A step size that grows until the losses overflow: the repair goes on from before that.
    @Test func aRepairGoesOnFromBeforeTheFailure() throws {
        let program = try Program()
        let growing = [
            "--set", "objective=least-squares", "--set", "optimizer.kind=sgd", "--set", "optimizer.learningRate=0.4",
            "--set", "optimizer.warmUp=45", "--set", "checkpoints.everySteps=2", "--set", "monitor.everyImages=0",
        ]
        let repaired = try program.run(Program.tiny + growing + ["--on-failure", "repair", "--name", "late"])
        #expect(repaired.errors.contains("repair 1 of up to 3"), "\(repaired.errors)")
        #expect(!repaired.errors.contains("restarts"), "\(repaired.errors)")
        let child = try object(program.run("show", "late+1", "--json").output)
        let remedy = try #require((child["metadata"] as? [String: Any])?["remedy"] as? [String: Any])
        let from = try #require(remedy["fromStep"] as? Int)
        #expect(from > 0 && from < 50)
        let words = try program.run("show", "late+1").output
        #expect(words.contains("from step \(from)") || words.contains("step \(from) "), "\(words)")
    }

    /// Three steps, with their samples or without, and five rows of a log: nothing is said of them that is not known.
    @Test func whatIsTooShortIsUndecided() throws {
        let program = try Program()
        for (name, flags) in [("watched", []), ("unwatched", ["--set", "monitor.everyImages=0"])]
            as [(String, [String])]
        {
            let trained = try program.run(Program.tiny + ["--set", "training.maxSteps=3", "--name", name] + flags)
            #expect(trained.code == 0 && trained.errors.contains("UNDECIDED"), "\(trained.errors)")
            let diagnosed = try program.run("diagnose", name)
            #expect(diagnosed.code == 0 && diagnosed.output.contains("UNDECIDED"), "\(diagnosed.output)")
            let wasScoredNow = diagnosed.output.contains("were scored")
            #expect(wasScoredNow == (name == "unwatched"), "\(diagnosed.output)")
        }
        try Data("step,G_loss,D_loss\n1,0.7,1.4\n2,0.8,1.3\n".utf8).write(to: program.url.appending(path: "few.csv"))
        let few = try program.run("diagnose", "--losses", "few.csv", "--json")
        #expect(
            try few.code == 0 && object(few.output)["verdict"] as? String == "undecided", "\(few.output)\(few.errors)")
    }

    @Test func whatCannotBeJudgedIsRefused() throws {
        let program = try Program()
        try Data("a,b\n1,2\n".utf8).write(to: program.url.appending(path: "odd.csv"))
        for (arguments, words, code) in [
            (["diagnose"], ["Name a run"], 64), (["diagnose", "--samples", "x.npy"], ["--reference"], 64),
            (["diagnose", "--losses", "nowhere.csv"], ["nowhere.csv"], 1),
            (["diagnose", "--losses", "odd.csv"], ["--column"], 1),
            (["diagnose", "--losses", "odd.csv", "--column", "loss_generator=a", "--set", "rate=1"], ["rate"], 1),
            (["diagnose", "latest", "--set", "learningRate=1"], ["--set"], 64),
            (["diagnose", "--losses", "odd.csv", "--column", "x=a"], ["loss_generator"], 1),
            (["diagnose", "--losses", "odd.csv", "--objective", "best"], ["non-saturating"], 64),
            (["evaluate", "--samples", "discs.idx"], ["--reference"], 64),
            (["evaluate", "--samples", "odd.csv", "--reference", "discs.idx"], ["odd.csv"], 1),
            (
                ["ndb", "--samples", "discs.idx", "--reference", "discs.idx", "--bins", "100"],
                ["100 bins", "take fewer"], 1
            ),
            (["evaluate", "--samples", "discs.idx", "--reference", "ring"], ["images", "points"], 1),
            (["diagnose", "--losses", "odd.csv", "--reference", "ring"], ["--samples"], 64),
            (["diagnose", "latest", "--objective", "hinge"], ["--losses"], 64),
            (
                [
                    "evaluate", "--samples", "discs.idx", "--reference", "discs.idx", "--bins", "5", "--features",
                    "x.pt",
                ], ["x.pt"], 1
            ),
            (["zoo", "--recipes", "lions"], ["lions"], 1), (["zoo", "--seeds", ","], ["--seeds"], 64),
            (["zoo", "--seeds", "1,1"], ["--seeds"], 64), (["zoo", "--seeds", "one"], ["one"], 1),
        ] as [([String], [String], Int32)] {
            let outcome = try program.run(arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
            for word in words { #expect(outcome.errors.contains(word), "\(arguments): \(outcome.errors)") }
        }
    }
}
