public import Torch

/// Half the squared slope, ½ ‖∇D‖², at real examples (R1) or at generated ones (R2): the discriminator becomes flat where
/// the two agree, so that the game can come to rest.
///
/// Source: Mescheder et al. 2018 (arXiv 1801.04406), equations 9 and 10; both together: R3GAN (arXiv 2501.05441).
public struct ZeroCentredPenalty: Penalty {
    public enum Place: Sendable { case real, fake }

    private let place: Place

    public init(at place: Place) { self.place = place }

    public func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor {
        try squaredSlopes(at: place == .real ? part.real : part.fake, judge).mean() / 2
    }
}
