public import Diagnostics

/// The meaning of a column according to its name: the player, the kind of value, and which of several players.
///
/// It uses the words of the name, so unfamiliar names are understood too. If the words are ambiguous, the numbers are
/// considered later (see ``ColumnMapping``).
public struct ColumnMeaning: Sendable, Equatable {
    public enum Player: Sendable { case generator, discriminator }
    /// The examples to which a discriminator's number refers.
    public enum Half: Sendable { case real, fake }

    public enum Kind: Sendable, Equatable {
        /// A loss that may be the adversarial or the total one.
        case loss
        /// The discriminator's answer.
        case answer
        case gradientNorm
        /// A loss that is not adversarial, such as a distance to a target, a penalty or a divergence.
        case auxiliaryLoss
        case accuracy
        case learningRate
        case score(Score)
        case counter(Counter)
        case time
        case other
    }

    /// The unit that a counter counts.
    public enum Counter: Sendable {
        /// Updates since the start of the run, according to the name.
        case step
        /// Batches or images of the current epoch.
        case batch
        case epoch
        /// Images, or thousands of images.
        case images
    }

    public let kind: Kind
    public let player: Player?
    public let half: Half?
    /// The letter or digit that distinguishes several players of a kind, such as `A` in `D_A`.
    public let part: String?
    /// Whether the name says that the loss is the adversarial one.
    public let isAdversarial: Bool
    /// Whether the name says that the loss is the sum of several.
    public let isTotal: Bool
    /// Whether the values are of validation data.
    public let isValidation: Bool
    /// The number of unknown words in the name.
    public let unknownWords: Int

    public var isCounter: Bool { if case .counter = kind { true } else { false } }
    public var isLoss: Bool { kind == .loss }

    init(_ name: String) {
        let name = NameParts(name)
        let vocabulary = Vocabulary.self
        let kind = ColumnMeaning.kind(name)
        let player = ColumnMeaning.player(name, kind)
        let half = ColumnMeaning.half(name, kind, player)
        // A generator's loss on fakes is its adversarial loss.
        isAdversarial =
            name.has(anyOf: vocabulary.adversarial)
            || player == .generator && name.has(anyOf: vocabulary.fake) && !name.has(anyOf: vocabulary.real)
        // The value in `generator_total_loss (adv=0.9)` is a part of the total.
        let endsAdversarial = name.words.last.map(vocabulary.adversarial.contains) ?? false
        isTotal =
            name.has(anyOf: vocabulary.total) && !endsAdversarial
            || (name.has(anyOf: vocabulary.real) && name.has(anyOf: vocabulary.fake))
        isValidation = name.has(anyOf: vocabulary.validation)
        part = ColumnMeaning.part(name, kind, player)
        unknownWords = name.words.count { !vocabulary.known.contains($0) }
        self.kind = kind
        // An adversarial loss without a player is the generator's, because the discriminator has no other kind.
        self.player =
            player
            ?? (kind == .loss && half != nil ? .discriminator : kind == .loss && isAdversarial ? .generator : nil)
        self.half = half
    }

    private static func kind(_ name: NameParts) -> Kind {
        let vocabulary = Vocabulary.self
        if let counter = counter(name) { return .counter(counter) }
        if name.has("lr") || (name.has("learning") && name.has("rate")) { return .learningRate }
        if name.has("norm") && name.has(anyOf: ["grad", "gradient", "gradients"]) || name.has("gradnorm") {
            return .gradientNorm
        }
        if name.has(anyOf: vocabulary.time) || name.words == ["data"] { return .time }
        if name.has(anyOf: vocabulary.best) { return .other }
        if let score = Score(name) { return .score(score) }
        if name.has(anyOf: vocabulary.accuracy) { return .accuracy }
        if isAnswer(name) { return .answer }
        if name.has(anyOf: vocabulary.distance) { return .other }
        let hasPlayer = name.has(anyOf: vocabulary.generator) || name.has(anyOf: vocabulary.discriminator)
        let isOfHalf = name.has(anyOf: vocabulary.real) || name.has(anyOf: vocabulary.fake)
        // `D/latent_real` and `G/latent_adv` are adversarial, whatever their other words mean. `dis_img` is the
        // discriminator's loss on images, whereas a generator's would be a distance to an image.
        let isOnImages =
            name.has(anyOf: ["img", "image", "images"]) && name.words.count { vocabulary.auxiliary.contains($0) } == 1
            && name.has(anyOf: vocabulary.discriminator.subtracting(["d"]))
        // `loss_adv_p`
        let isAdversarialPart =
            name.has(anyOf: vocabulary.adversarial)
            && name.words.allSatisfy { !vocabulary.auxiliary.contains($0) || $0.count == 1 }
        let isPlain =
            isOnImages || isAdversarialPart
            || name.has("latent") && hasPlayer && (isOfHalf || name.has(anyOf: vocabulary.adversarial))
        if !isPlain, name.has(anyOf: vocabulary.auxiliary) { return .auxiliaryLoss }
        let saysLoss = name.has(anyOf: vocabulary.loss)
        if saysLoss || name.has(anyOf: vocabulary.adversarial) { return .loss }
        // A name that is only a player's, such as `D`, `D_A`, `D_real` or `G_total`, denotes its loss.
        let rest = name.words.filter { !vocabulary.known.contains($0) && !vocabulary.isPart($0) }
        return hasPlayer && (rest.isEmpty || isOnImages) && (isOfHalf || name.words.count <= 3) ? .loss : .other
    }

    private static func counter(_ name: NameParts) -> Counter? {
        guard name.isSubset(of: Vocabulary.counting) else { return nil }
        if name.has(anyOf: ["kimg", "nimg", "images", "img", "imgs", "samples"]) { return .images }
        if name.has(anyOf: Vocabulary.epoch) { return .epoch }
        if name.has(anyOf: ["batch", "batches", "iters", "i"]) { return name.has("done") ? .step : .batch }
        if name.has(anyOf: Vocabulary.stepping) { return .step }
        return nil
    }

    private static func isAnswer(_ name: NameParts) -> Bool {
        if name.isAnswerInWriting || [["d", "x"], ["d", "g", "z"]].contains(where: { name.words.starts(with: $0) }) {
            return !name.has(anyOf: Vocabulary.loss)
        }
        return name.has(anyOf: Vocabulary.answer) && !name.has(anyOf: Vocabulary.loss.subtracting(["losses"]))
            || (name.has(anyOf: ["scores", "logits"]) && name.has(anyOf: Vocabulary.real.union(Vocabulary.fake)))
    }

    private static func player(_ name: NameParts, _ kind: Kind) -> Player? {
        if kind == .answer { return .discriminator }
        // Keras's examples call the generator combined with its discriminator the adversarial model.
        if kind == .loss, name.words == ["a", "loss"] { return .generator }
        return name.words.lazy.compactMap { word -> Player? in
            Vocabulary.generator.contains(word)
                ? .generator : Vocabulary.discriminator.contains(word) ? .discriminator : nil
        }.first
    }

    private static func half(_ name: NameParts, _ kind: Kind, _ player: Player?) -> Half? {
        let (isReal, isFake) = (name.has(anyOf: Vocabulary.real), name.has(anyOf: Vocabulary.fake))
        if kind == .answer, isReal == isFake {
            // D(x), D(G(z)) and D(x_hat); SRGAN's scores of the data and of the generator.
            if name.isAnswerInWriting, name.has(anyOf: ["hat", "tilde", "z"]) { return .fake }
            if name.words.starts(with: ["d", "x"]) { return .real }
            if name.has(anyOf: Vocabulary.generator) { return .fake }
            return name.has(anyOf: Vocabulary.discriminator) ? .real : nil
        }
        guard isReal != isFake, player != .generator else { return nil }
        return isReal ? .real : .fake
    }

    private static func part(_ name: NameParts, _ kind: Kind, _ player: Player?) -> String? {
        guard kind == .loss || kind == .auxiliaryLoss, player != nil || name.has(anyOf: Vocabulary.adversarial) else {
            return nil
        }
        // A generator from A to B and the discriminator of B play against each other.
        for word in name.words.dropFirst() {
            if word.count == 3, word.contains("2"), let target = word.last { return String(target).uppercased() }
            if ["ab", "ba", "xy", "yx"].contains(word), let target = word.last { return String(target).uppercased() }
        }
        return name.words.dropFirst().last(where: Vocabulary.isPart)?.uppercased()
    }
}
