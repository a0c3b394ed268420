internal import CTorch

/// The device that stores a tensor and runs its operations.
public enum Device: Hashable, Sendable, CustomStringConvertible {
    case cpu
    case cuda(Int)
    case mps

    /// Parses `cpu`, `cuda`, `cuda:1`, `mps` or `auto`, which picks the first available accelerator (CUDA, then MPS)
    /// and otherwise the CPU.
    ///
    /// - Throws: `TorchError` of kind `deviceUnavailable` if the name is unknown or the device is not available.
    public init(named name: String) throws(TorchError) {
        switch name {
        case "auto": self = Device.isAvailable(CT_CUDA) ? .cuda(0) : Device.isAvailable(CT_MPS) ? .mps : .cpu
        case "cpu": self = .cpu
        case "mps": self = .mps
        case "cuda": self = .cuda(0)
        default:
            guard name.hasPrefix("cuda:"), let index = Int(name.dropFirst(5)), (0..<128).contains(index) else {
                throw TorchError(
                    .deviceUnavailable, "Unknown device \"\(name)\"; use auto, cpu, cuda, cuda:N or mps.")
            }
            self = .cuda(index)
        }
        try requireAvailable()
    }

    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        case .mps: "mps"
        }
    }

    public var isCPU: Bool { self == .cpu }

    /// The device's own name, such as `NVIDIA H100`; `nil` if it does not report one.
    public var name: String? {
        let name = String(cString: torch.device_name(raw))
        return name.isEmpty ? nil : name
    }

    /// Waits until all work queued on the device is done.
    public func synchronize() throws(TorchError) {
        try check(torch.device_synchronize(raw))
    }

    /// The device memory held by tensors, in bytes: current and peak. Both are 0 on devices that do not track it.
    public func memory() throws(TorchError) -> (current: Int, peak: Int) {
        var current: Int64 = 0
        var peak: Int64 = 0
        try check(torch.device_memory(raw, &current, &peak))
        return (Int(current), Int(peak))
    }

    private func requireAvailable() throws(TorchError) {
        switch self {
        case .cpu: return
        case .mps:
            guard Device.isAvailable(CT_MPS) else {
                throw TorchError(
                    .deviceUnavailable, "MPS was requested but is not available in this LibTorch; use --device cpu.")
            }
        case .cuda(let index):
            let count = Int(torch.device_count(CT_CUDA))
            guard count > 0 else {
                throw TorchError(
                    .deviceUnavailable,
                    "CUDA was requested but is not available: no NVIDIA GPU and driver were found, or this LibTorch is a "
                        + "CPU-only build; use --device cpu, or run Scripts/bootstrap with LIBTORCH set to a CUDA build."
                )
            }
            guard index < count else {
                throw TorchError(
                    .deviceUnavailable,
                    "cuda:\(index) was requested, but there \(count == 1 ? "is one CUDA device" : "are \(count) CUDA devices"), numbered from 0."
                )
            }
        }
    }

    private static func isAvailable(_ kind: ct_device_kind) -> Bool { torch.device_available(kind) }

    var raw: ct_device {
        switch self {
        case .cpu: ct_device(kind: CT_CPU, index: 0)
        case .cuda(let index): ct_device(kind: CT_CUDA, index: Int32(index))
        case .mps: ct_device(kind: CT_MPS, index: 0)
        }
    }

    init(raw: ct_device) {
        switch raw.kind {
        case CT_CUDA: self = .cuda(Int(raw.index))
        case CT_MPS: self = .mps
        default: self = .cpu
        }
    }
}
