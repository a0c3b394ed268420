import Evaluation
import Torch

/// A network that is trained on the data's images, for its answers or its features, and what measures samples by it, made ready in slices
/// of time: a network that is there already at once, or one that is trained first.
final class NetworkPreparation<Meter> {
    /// Where the network comes from, and what becomes of it.
    struct Source {
        /// What is said when a training begins.
        let announcement: String
        /// A network that is part of the program, if there is one.
        let shipped: () throws -> ImageClassifier?
        /// The name by which the store keeps the network.
        let name: () throws -> String
        let training: () throws -> (ImageClassifier, ClassifierTraining)
        /// The share of held-out images that the network tells right.
        let accuracy: (ImageClassifier) throws -> Double
        /// What measures samples by the network; `nil` if that would mean nothing.
        let meter: (ImageClassifier) throws -> Meter?
    }

    private enum State {
        case waiting
        case training(ImageClassifier, ClassifierTraining)
        case ready(Meter)
        case impossible
    }

    private let source: Source
    private let store: ReferenceStore
    private let device: Device
    private var state = State.waiting
    /// A checksum of all images, which takes a while.
    private lazy var name = Result { try source.name() }

    init(_ source: Source, store: ReferenceStore, device: Device) {
        self.source = source
        self.store = store
        self.device = device
    }

    var meter: Meter? { if case .ready(let meter) = state { meter } else { nil } }

    /// Whether there is nothing more to do.
    var isSettled: Bool {
        switch state {
        case .ready, .impossible: true
        case .waiting, .training: false
        }
    }

    var isTraining: Bool { if case .training = state { true } else { false } }

    /// Goes on for about so many seconds, to the end by default. A network that is there already is taken up in any case, which
    /// takes about a second.
    func advance(for seconds: Double = .infinity) throws {
        let clock = ContinuousClock()
        let start = clock.now
        if case .waiting = state { try advanceOnce() }
        while !isSettled, (clock.now - start) / .seconds(1) < seconds { try advanceOnce() }
    }

    private func advanceOnce() throws {
        switch state {
        case .waiting:
            if let network = try source.shipped() {
                try settle(network)
            } else if let network = try store.classifier(name.get(), device: device) {
                try settle(network)
            } else {
                store.report(source.announcement)
                let (network, training) = try source.training()
                state = .training(network, training)
            }
        case .training(let network, let training):
            try training.advance()
            guard training.isDone else { return }
            network.heldOutAccuracy = try source.accuracy(network)
            try store.keep(network, as: name.get())
            try settle(network)
        case .ready, .impossible: break
        }
    }

    private func settle(_ network: ImageClassifier) throws {
        state = try source.meter(network).map(State.ready) ?? .impossible
    }
}
