/// How samples spread over the classes of labelled data at a step.
public struct ClassRecord: Hashable, Sendable, Codable {
    /// What is said of a class.
    public enum Status: String, Hashable, Sendable, Codable {
        case present
        /// The samples have less than a third of what they should.
        case rare
        /// They have less than a tenth of what they should.
        case lost
        /// There are too few samples to tell.
        case unknown
    }

    /// One class.
    public struct Class: Hashable, Sendable, Codable {
        public var name: String
        /// Its share of the data.
        public var due: Double
        /// Its share among the samples that can be trusted, in proportion to that of real examples; 1 is as it should be.
        public var relativeShare: Double
        /// What the relative share lies in, in 95 of 100 cases.
        public var lower, upper: Double
        /// The share of its real examples that the samples cover, in proportion to that of all classes; `nil` in records of older versions.
        public var relativeCoverage: Double?
        /// How many of the samples that can be trusted.
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

    /// The step after which the samples were made.
    public var step: Int
    /// How many samples there are, and how many of them lie inside the data's support with a class that is sure.
    public var sampleCount, trustedCount: Int
    /// 0 for samples that come as near to the data as real examples, up to 1 for crude ones, of which only what is all lost is seen; `nil` in
    /// records of older versions.
    public var crudeness: Double?
    /// In the order of the data's labels, without classes that the data has no example of.
    public var classes: [Class]

    public init(step: Int, sampleCount: Int, trustedCount: Int, crudeness: Double? = nil, classes: [Class]) {
        self.step = step
        self.sampleCount = sampleCount
        self.trustedCount = trustedCount
        self.crudeness = crudeness
        self.classes = classes
    }

    /// The classes of a status.
    public func classes(_ status: Status) -> [Class] { classes.filter { $0.status == status } }
}
