import Foundation
import TestSupport
import Testing

#if os(Linux)
    import Glibc

    /// Needs a file system of a few hundred kilobytes, which only root can mount.
    @Suite(.enabled(if: geteuid() == 0 && SmallDisk.isAvailable))
    struct FullDiskTests {
        /// With narrow networks the disk is full for the database too; with wide ones only a checkpoint does not fit.
        @Test(arguments: [(600, 4), (2000, 32)])
        func nothingIsLostOnAFullDisk(_ kilobytes: Int, _ width: Int) throws {
            let program = try Program()
            let disk = try SmallDisk(at: program.url.appending(path: "disk"), kilobytes: kilobytes)
            let training = Program.tiny + ["--epochs", "60", "--set", "network.generatorWidth=\(width)"]
            let flags = training + ["--runs", "disk/runs"]
            let full = try program.run(flags)
            #expect(full.code == 1)
            #expect(full.errors.contains("The checkpoint after step") && full.errors.contains("equipoise resume"))

            try disk.grow(kilobytes: 10_000)
            let resumed = try program.run("resume", "latest", "--runs", "disk/runs")
            #expect(resumed.code == 0, "\(resumed.errors)")
            let expected = try Program()
            #expect(try expected.run(training).code == 0)
            #expect(try program.losses(runs: "disk/runs") == expected.losses())
        }
    }

    /// A file system in memory that is quickly full.
    private final class SmallDisk {
        private let path: String

        init(at url: URL, kilobytes: Int) throws {
            path = url.path
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { throw POSIXError(.EPERM) }
        }

        deinit { umount2(path, Int32(MNT_DETACH)) }

        func grow(kilobytes: Int) throws {
            guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k") == 0 else {
                throw POSIXError(.EPERM)
            }
        }

        static let isAvailable: Bool = {
            guard let directory = try? TemporaryFolder() else { return false }
            return (try? SmallDisk(at: directory.url.appending(path: "probe"), kilobytes: 64)) != nil
        }()
    }
#endif
