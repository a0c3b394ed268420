import Foundation
public import Runs

extension MLflowRun {
    /// Opens the run of a run folder on a server: the one that its link file names, or a new one, whose link is then
    /// saved.
    public static func open(_ reader: RunReader, _ client: MLflowClient, experiment: String) throws -> MLflowRun {
        let place = reader.folder.directory.appending(path: "mlflow.json")
        let metadata = try reader.metadata()
        let link = (try? Data(contentsOf: place)).flatMap { try? JSONDecoder().decode(Link.self, from: $0) }
        var tags = [Origin.tag: metadata.id.text, "equipoise.version": metadata.equipoiseVersion]
        tags["equipoise.parent"] = metadata.parent?.text
        tags["mlflow.source.git.commit"] = metadata.gitCommit
        let run = try MLflowRun(
            client, experiment: experiment, link: link,
            Origin(
                name: metadata.label ?? metadata.id.text, start: metadata.start,
                parameters: try reader.orderedParameters(),
                tags: tags)
        ) { try JSONEncoder().encode($0).write(to: place, options: .atomic) }
        try run.end(.running)
        return run
    }

    /// Uploads everything of a run that the server does not have yet. Requests that fail transiently are repeated a few
    /// times.
    ///
    /// - Parameter report: receives a message about everything that is skipped.
    public static func export(
        _ reader: RunReader, to client: MLflowClient, experiment: String, report: (String) -> Void = { _ in }
    ) throws -> MLflowRun {
        let run = try persistently { try open(reader, client, experiment: experiment) }
        let measurements = try reader.measurements()
        for start in stride(from: 0, to: measurements.count, by: 500) {
            try persistently { try run.log(Array(measurements[start..<min(start + 500, measurements.count)])) }
        }
        for sheet in try reader.sheets() {
            guard let file = reader.folder.file(relative: sheet.file), let png = try? Data(contentsOf: file) else {
                report("The sheet \(sheet.file) does not exist and is skipped.")
                continue
            }
            do {
                guard try persistently({ try run.log(sheet, png: png) }) else {
                    report("The server does not accept files over REST (no --serve-artifacts), so sheets are skipped.")
                    break
                }
            } catch let failure as MLflowClient.Failure where !failure.isPassing {
                report("\(failure) The sheets are skipped.")
                break
            }
        }
        let metadata = try reader.metadata()
        try persistently { try run.end(reader.status(), at: metadata.end ?? Date()) }
        return run
    }

    private static func persistently<Result>(_ body: () throws -> Result) throws -> Result {
        var pause = 0.5
        for _ in 0..<4 {
            do {
                return try body()
            } catch let failure as MLflowClient.Failure where failure.isPassing {
                Thread.sleep(forTimeInterval: pause)
                pause *= 2
            }
        }
        return try body()
    }
}
