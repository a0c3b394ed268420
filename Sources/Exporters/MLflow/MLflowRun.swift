public import Foundation
public import Measurements
import Recipes
public import Runs

/// One run on an MLflow server, and how far it is written.
///
/// Values are sent in the order of steps, in batches within MLflow's limits. When a request's fate is not known, the server is asked what it
/// has before anything is sent again, so that no value is there twice.
public final class MLflowRun {
    /// Where a run is on a server; kept in the run's folder, so that it is found again.
    public struct Link: Codable, Equatable, Sendable {
        public var server: String
        public var experiment: String
        public var runIdentifier: String
    }

    public let link: Link
    private let client: MLflowClient
    private let artifacts: String
    /// The last step that the server has of each series.
    private var stored: [String: Int]
    private var storedSheets: Set<Int> = []
    private var isKnown = true

    /// MLflow's limits: 1000 metrics, 100 parameters and 100 tags a request.
    private static let mostMetrics = 1000
    private static let mostParameters = 100

    /// What a run is made from.
    struct Origin {
        var name: String
        var start: Date
        var configuration: TrainingConfiguration
        var tags: [String: String]

        /// The tag by which a run is found again.
        static let tag = "equipoise.run"
    }

    /// Opens the run of a link, or the experiment's run with the same tag, or makes a new one, in an experiment that is made too if
    /// need be. The tag is looked for because the answer to an earlier request may have been lost, with the link.
    ///
    /// - Parameter keep: takes the link of a run that had none at once, so that it is found again whatever comes next.
    init(_ client: MLflowClient, experiment: String, link: Link?, _ origin: Origin, keep: (Link) throws -> Void) throws
    {
        self.client = client
        let known: RunAnswer.Run
        if let link, link.server == client.server.absoluteString, link.experiment == experiment {
            let answer: RunAnswer = try client.get("runs/get", ["run_id": link.runIdentifier])
            known = answer.run
        } else {
            let identifier = try MLflowRun.experiment(experiment, client)
            known =
                try MLflowRun.find(origin, in: identifier, client)
                ?? MLflowRun.make(origin, in: identifier, client)
        }
        self.link = Link(server: client.server.absoluteString, experiment: experiment, runIdentifier: known.info.runId)
        if self.link != link { try keep(self.link) }
        artifacts = known.info.artifactUri ?? ""
        stored = known.data?.steps ?? [:]
        if !stored.isEmpty {
            let files: Files? = try? client.get(
                "artifacts/list", ["run_id": self.link.runIdentifier, "path": "images"])
            storedSheets = Set((files?.files ?? []).compactMap { MLflowRun.step(ofImage: $0.path) })
        }
        if known.data?.params?.isEmpty != false { try send(origin.configuration) }
    }

    private static func find(_ origin: Origin, in experiment: String, _ client: MLflowClient) throws -> RunAnswer.Run? {
        guard let value = origin.tags[Origin.tag], !value.contains("'") else { return nil }
        let answer: RunsAnswer = try client.post(
            "runs/search",
            Search(experimentIds: [experiment], filter: "tags.`\(Origin.tag)` = '\(value)'", maxResults: 1))
        return answer.runs?.first
    }

    private static func make(_ origin: Origin, in experiment: String, _ client: MLflowClient) throws -> RunAnswer.Run {
        let answer: RunAnswer = try client.post(
            "runs/create",
            Creation(
                experimentId: experiment, runName: origin.name,
                startTime: Int(origin.start.timeIntervalSince1970 * 1000),
                tags: origin.tags.sorted { $0.key < $1.key }.map { Pair(key: $0.key, value: $0.value) }), once: true)
        return answer.run
    }

    /// Sends the configuration as parameters.
    private func send(_ configuration: TrainingConfiguration) throws {
        let parameters = TrainingConfiguration.keys.map { key in
            Pair(key: key.path, value: key.read(configuration).description)
        }
        for start in stride(from: 0, to: parameters.count, by: MLflowRun.mostParameters) {
            let some = Array(parameters[start..<min(start + MLflowRun.mostParameters, parameters.count)])
            let _: Nothing = try client.post("runs/log-batch", Batch(runId: link.runIdentifier, params: some))
        }
    }

    private static func experiment(_ name: String, _ client: MLflowClient) throws -> String {
        func find() throws -> String {
            let answer: ExperimentAnswer = try client.get("experiments/get-by-name", ["experiment_name": name])
            return answer.experiment.experimentId
        }
        do {
            return try find()
        } catch let failure as MLflowClient.Failure where failure.code == "RESOURCE_DOES_NOT_EXIST" {
            do {
                let made: ExperimentCreated = try client.post("experiments/create", ["name": name], once: true)
                return made.experimentId
            } catch let failure as MLflowClient.Failure where failure.code == "RESOURCE_ALREADY_EXISTS" {
                return try find()
            }
        }
    }

    /// Sends measurements, in the order of steps; what the server has already is left out.
    ///
    /// - Throws: when a request fails; the same measurements can then be given again.
    public func log(_ measurements: [StepRecord]) throws {
        if !isKnown { try learn() }
        let metrics = measurements.flatMap { measurement in
            measurement.values.map { series, value in
                Metric(
                    key: series.rawValue, value: JSONNumber(value), timestamp: Int(measurement.wallTime * 1000),
                    step: measurement.step)
            }
        }.filter { $0.step > stored[$0.key] ?? -1 }
        for start in stride(from: 0, to: metrics.count, by: MLflowRun.mostMetrics) {
            let some = Array(metrics[start..<min(start + MLflowRun.mostMetrics, metrics.count)])
            isKnown = false
            let _: Nothing = try client.post(
                "runs/log-batch", Batch(runId: link.runIdentifier, metrics: some), once: true)
            isKnown = true
            for metric in some { stored[metric.key] = metric.step }
        }
    }

    /// Asks the server what it has.
    private func learn() throws {
        let known: RunAnswer = try client.get("runs/get", ["run_id": link.runIdentifier])
        stored = known.run.data?.steps ?? [:]
        isKnown = true
    }

    /// Stores a sample sheet where MLflow's slider of images finds it, once for each step.
    ///
    /// - Returns: `false` if this server keeps files where only its own clients can write.
    @discardableResult
    public func log(_ sheet: SheetRecord, png: Data) throws -> Bool {
        guard artifacts.hasPrefix("mlflow-artifacts:/") else { return false }
        guard !storedSheets.contains(sheet.step) else { return true }
        let root = artifacts.dropFirst("mlflow-artifacts:/".count).split(separator: "/").map(String.init)
        let time = Int(sheet.wallTime * 1000)
        let name = "samples+step+\(sheet.step)+timestamp+\(time)+\(MLflowRun.identifier(sheet.step, time)).png"
        try client.put(artifact: root + ["images", name], png, type: "image/png")
        let _: Nothing = try client.post(
            "runs/log-batch",
            Batch(runId: link.runIdentifier, tags: [Pair(key: "mlflow.loggedImages", value: "true")]))
        storedSheets.insert(sheet.step)
        return true
    }

    /// The step that an image's name says.
    private static func step(ofImage path: String) -> Int? {
        let parts = path.split(separator: "+")
        guard let place = parts.firstIndex(of: "step"), place + 1 < parts.count else { return nil }
        return Int(parts[place + 1])
    }

    /// A UUID that follows from its sheet.
    private static func identifier(_ step: Int, _ time: Int) -> String {
        let digits = Array(String(format: "%016lx%016lx", step, time))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    /// Says how the run ended.
    public func end(_ outcome: RunOutcome, at end: Date = Date()) throws {
        let status =
            switch outcome {
            case .running: "RUNNING"
            case .finished: "FINISHED"
            case .stopped, .interrupted: "KILLED"
            case .failed: "FAILED"
            }
        let _: Nothing = try client.post(
            "runs/update",
            Update(
                runId: link.runIdentifier, status: status,
                endTime: outcome == .running ? nil : Int(end.timeIntervalSince1970 * 1000)))
    }
}

// MARK: - Messages

private struct Pair: Encodable { let key, value: String }

private struct Metric: Encodable {
    let key: String
    let value: JSONNumber
    let timestamp, step: Int
}

private struct Creation: Encodable {
    let experimentId, runName: String
    let startTime: Int
    let tags: [Pair]
}

private struct Batch: Encodable {
    let runId: String
    var metrics: [Metric] = []
    var params: [Pair] = []
    var tags: [Pair] = []
}

private struct Search: Encodable {
    let experimentIds: [String]
    let filter: String
    let maxResults: Int
}

private struct Update: Encodable {
    let runId, status: String
    let endTime: Int?
}

private struct Nothing: Decodable {}

private struct Files: Decodable {
    struct File: Decodable { let path: String }
    let files: [File]?
}

private struct ExperimentAnswer: Decodable { let experiment: ExperimentCreated }
private struct ExperimentCreated: Decodable { let experimentId: String }

private struct RunAnswer: Decodable {
    struct Run: Decodable {
        let info: Info
        let data: Contents?
    }
    struct Info: Decodable {
        let runId: String
        let artifactUri: String?
    }
    struct Contents: Decodable {
        struct Latest: Decodable {
            let key: String
            let step: Int?
        }
        struct Parameter: Decodable { let key: String }
        let metrics: [Latest]?
        let params: [Parameter]?
        /// The last step of each series.
        var steps: [String: Int] {
            Dictionary((metrics ?? []).map { ($0.key, $0.step ?? 0) }, uniquingKeysWith: max)
        }
    }
    let run: Run
}

private struct RunsAnswer: Decodable { let runs: [RunAnswer.Run]? }
