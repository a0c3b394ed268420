public import Datasets
public import Evaluation
public import Torch
public import Training

/// The scores of samples, beside those of held-out real data.
public struct SampleEvaluation {
    public let report: EvaluationReport
    /// The names of the data's classes, in the order of the report's; empty without labels.
    public let classNames: [String]
    /// The features that distances were computed in, such as `classifier`.
    public let featureName: String

    /// - Parameters:
    ///   - samples: `[count] + exampleShape`.
    ///   - reference: the real data.
    ///   - features: by default those of a classifier if the data has labels.
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
