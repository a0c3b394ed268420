import Evaluation
import Torch

/// Prepares a network trained on the data's images, and a meter that measures samples with its outputs or features, in
/// time slices. An existing network is used at once; otherwise one is trained first.
final class NetworkPreparation<Meter> {
    /// The source of the network, and the construction of its meter.
    struct Source {
        /// The message reported when training starts.
        let announcement: String
        /// A network shipped with the program, if there is one.
        let shipped: () throws -> ImageClassifier?
        /// The name under which the store caches the network.
        let name: () throws -> String
        let training: () throws -> (ImageClassifier, ClassifierTraining)
        /// The share of held-out images that the network classifies correctly.
        let accuracy: (ImageClassifier) throws -> Double
        /// Creates the meter that uses the network; `nil` if its measurements would be meaningless.
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
    /// The cache name, lazily computed since it contains a checksum of all images.
    private lazy var name = Result { try source.name() }

    init(_ source: Source, store: ReferenceStore, device: Device) {
        self.source = source
        self.store = store
        self.device = device
    }

    var meter: Meter? { if case .ready(let meter) = state { meter } else { nil } }

    /// Whether there is nothing left to do.
    var isSettled: Bool {
        switch state {
        case .ready, .impossible: true
        case .waiting, .training: false
        }
    }

    var isTraining: Bool { if case .training = state { true } else { false } }

    /// Continues for about the given number of seconds, by default to the end. An existing network is loaded in any
    /// case, which takes about a second.
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
