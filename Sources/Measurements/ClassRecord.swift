/// The distribution of a step's samples over the classes of labeled data.
public struct ClassRecord: Hashable, Sendable, Codable {
    /// The status of one class.
    public enum Status: String, Hashable, Sendable, Codable {
        case present
        /// The samples have less than a third of the class's due share.
        case rare
        /// The samples have less than a tenth of the class's due share.
        case lost
        /// There are too few samples to decide.
        case unknown
    }

    /// One class.
    public struct Class: Hashable, Sendable, Codable {
        public var name: String
        /// The class's share of the data.
        public var due: Double
        /// The class's share of the trusted samples divided by its share of real examples; 1 is the correct proportion.
        public var relativeShare: Double
        /// The 95 % confidence interval of the relative share.
        public var lower, upper: Double
        /// The share of the class's real examples that the samples cover, divided by that share over all classes; `nil`
        /// in records of older versions.
        public var relativeCoverage: Double?
        /// The number of trusted samples of this class.
        public var samples: Int
        public var status: Status

        public init(
            name: String, due: Double, relativeShare: Double, lower: Double, upper: Double,
            relativeCoverage: Double? = nil, samples: Int, status: Status
        ) {
            self.name = name
            self.due = due
            self.relativeShare = relativeShare
            self.lower = lower
            self.upper = upper
            self.relativeCoverage = relativeCoverage
            self.samples = samples
            self.status = status
        }
    }

    /// The step after which the samples were generated.
    public var step: Int
    /// The number of samples, and the number of trusted ones, which lie inside the data's support and whose class is
    /// certain.
    public var sampleCount, trustedCount: Int
    /// From 0 for samples as close to the data as real examples to 1 for crude ones, in which only completely lost
    /// classes are detected; `nil` in records of older versions.
    public var crudeness: Double?
    /// In the order of the data's labels, without classes of which the data has no example.
    public var classes: [Class]

    public init(step: Int, sampleCount: Int, trustedCount: Int, crudeness: Double? = nil, classes: [Class]) {
        self.step = step
        self.sampleCount = sampleCount
        self.trustedCount = trustedCount
        self.crudeness = crudeness
        self.classes = classes
    }

    /// The classes with a given status.
    public func classes(_ status: Status) -> [Class] { classes.filter { $0.status == status } }
}
