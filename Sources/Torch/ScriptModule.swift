internal import CTorch
public import Foundation

/// A network saved by Python as TorchScript (`torch.jit.save`), in evaluation mode.
///
/// Loading runs code from the file, so load only files that you trust.
public final class ScriptModule {
    private let handle: ct_script
    public let device: Device

    /// - Throws: `TorchError` if the file is missing or is not TorchScript.
    public init(contentsOf url: URL, device: Device = .cpu) throws(TorchError) {
        guard FileManager.default.isReadableFile(atPath: url.path) else {
            throw TorchError(.malformedFile, "\(url.path) does not exist or cannot be read.")
        }
        var handle: ct_script?
        do {
            try check(torch.script_load(url.path, device.raw, &handle))
        } catch {
            let reason = error.description.split(separator: "\n").first ?? ""
            throw TorchError(
                .malformedFile,
                "\(url.path) is not a TorchScript file (\(reason)); create one with torch.jit.script and torch.jit.save."
            )
        }
        guard let handle else { throw TorchError(.invalidOperation, "LibTorch returned no network.") }
        self.handle = handle
        self.device = device
    }

    deinit { torch.script_free(handle) }

    /// Applies the network to one tensor.
    ///
    /// - Throws: `TorchError` if the shapes are incompatible or the network does not return exactly one tensor.
    public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
        try withoutGradients { () throws(TorchError) in try Tensor.make(input) { torch.script_apply(handle, $0, $1) } }
    }
}
