public import Foundation
public import Measurements
public import Runs

/// A run on an MLflow server, with the progress of its upload.
///
/// Values are sent in step order, in batches within MLflow's limits. If the outcome of a request is unknown, the server
/// is queried before anything is sent again, so that no value is stored twice.
public final class MLflowRun {
    /// The location of a run on a server; saved in the run's folder, so that the run is found again.
    public struct Link: Codable, Equatable, Sendable {
        public var server: String
        public var experiment: String
        public var runIdentifier: String
    }

    public let link: Link
    private let client: MLflowClient
    private let artifacts: String
    /// The last step of each series that the server has.
    private var stored: [String: Int]
    private var storedSheets: Set<Int> = []
    private var isKnown = true

    /// MLflow's limits: 1000 metrics, 100 parameters and 100 tags per request.
    private static let mostMetrics = 1000
    private static let mostParameters = 100

    /// The data from which a run is created on the server.
    struct Origin {
        var name: String
        var start: Date
        var parameters: [(name: String, value: String)]
        var tags: [String: String]

        /// The tag by which a run is found again.
        static let tag = "equipoise.run"
    }

    /// Opens the run of a link, or the experiment's run with the same tag, or creates a new run; creates the experiment
    /// if needed. The tag is searched for because the response to an earlier request, and with it the link, may have
    /// been lost.
    ///
    /// - Parameter keep: saves the link of a run that had none immediately, so that the run is found again whatever
    ///   happens next.
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
        if known.data?.params?.isEmpty != false { try send(origin.parameters) }
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

    /// Sends the settings as parameters.
    private func send(_ settings: [(name: String, value: String)]) throws {
        let parameters = settings.map { Pair(key: $0.name, value: $0.value) }
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

    /// Sends measurements in step order; skips values that the server already has.
    ///
    /// - Throws: if a request fails; the same measurements can then be passed again.
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

    /// Queries the server for the values that it has.
    private func learn() throws {
        let known: RunAnswer = try client.get("runs/get", ["run_id": link.runIdentifier])
        stored = known.run.data?.steps ?? [:]
        isKnown = true
    }

    /// Uploads a sample sheet, once per step, under a name that MLflow's image slider recognizes.
    ///
    /// - Returns: `false` if the server stores files where only its own clients can write.
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

    /// Returns the step in an image's name.
    private static func step(ofImage path: String) -> Int? {
        let parts = path.split(separator: "+")
        guard let place = parts.firstIndex(of: "step"), place + 1 < parts.count else { return nil }
        return Int(parts[place + 1])
    }

    /// Returns a UUID that is determined by the sheet.
    private static func identifier(_ step: Int, _ time: Int) -> String {
        let digits = Array(String(format: "%016lx%016lx", step, time))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    /// Reports the outcome of the run to the server.
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
