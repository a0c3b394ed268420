public import Datasets
public import Evaluation
public import Torch
public import Training

/// How good and how diverse samples are, beside held-out real data.
public struct SampleEvaluation {
    public let report: EvaluationReport
    /// The names of the data's classes, in the order of the report's; empty without labels.
    public let classNames: [String]
    /// What distances were measured by, such as `classifier`.
    public let featureName: String

    /// - Parameters:
    ///   - samples: `[count] + exampleShape`.
    ///   - reference: the real data.
    ///   - features: what distances are measured by; by default a classifier of the classes if there is one.
    public init(
        of samples: Tensor, against reference: any Dataset, bins: ReferenceBins.Options,
        features: (any FeatureExtractor)? = nil, store: ReferenceStore, device: Device = .cpu
    ) throws {
        let evaluator = try store.evaluator(reference, bins: bins, features: features, device: device)
        var report = try evaluator.evaluate(samples)
        let classes = try ClassPreparation(reference, store: store, device: device)
        try classes?.advance()
        report.classes = try classes?.meter?.measure(samples)
        (self.report, classNames, featureName) = (report, classes?.classNames ?? [], evaluator.features.name)
    }
}
