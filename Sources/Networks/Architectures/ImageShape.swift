/// The shape of the square images that a network generates or classifies.
public struct ImageShape: Hashable, Sendable {
    public let channels: Int
    /// Height and width in pixels.
    public let size: Int

    public init(channels: Int, size: Int) {
        self.channels = channels
        self.size = size
    }

    /// The image sizes that the convolutional networks support, in pixels.
    public static let sizes = [28, 32, 64, 128]

    /// How many times a network doubles its initial size: from 7 to 28, or from 8 to 32, 64 or 128.
    public var doublings: Int {
        switch size {
        case 64: 3
        case 128: 4
        default: 2
        }
    }
}
