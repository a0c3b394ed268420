import Foundation
import Images

/// Small image files written by Pillow 13.0.0, and the images behind them.
///
/// The JPEGs are 16 x 12 pixels of `(16 x, 20 y, 128 + 4 x - 4 y)` at quality 92 (the progressive one: 85), the gray
/// one converted by `convert("L")` first; the CMYK one is 8 x 8 pixels of `(40, 160, 10, 60)` at quality 95.
enum Fixtures {
    /// The image whose value is `(37 x + 59 y + 101 channel) mod 256`, from which Pillow's expected values come.
    static func pattern(_ width: Int, _ height: Int, _ channels: Int) throws -> PixelImage {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<channels { pixels.append(UInt8((x * 37 + y * 59 + channel * 101) % 256)) }
            }
        }
        return try PixelImage(width: width, height: height, channels: channels, pixels: pixels)
    }

    private static func decoded(_ base64: String) -> [UInt8] {
        Data(base64Encoded: base64).map { [UInt8]($0) } ?? []
    }

    static let colorJPEG = decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8Q"
            + "EBEQCgwSExIQEw8QEBD/2wBDAQMDAwQDBAgEBAgQCwkLEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"
            + "EBAQEBAQEBD/wAARCAAMABADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
            + "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
            + "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi"
            + "4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
            + "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm"
            + "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq"
            + "8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5r8H/AAY+5/onp/DXuHg/4Mfc/wBE/wDHa9b8H+FtG+T/AEb0r3Dwf4W0b5P9G9KeJ8Us"
            + "d5nmeEXibjf3e/Q//9k=")

    static let grayJPEG = decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8Q"
            + "EBEQCgwSExIQEw8QEBD/wAALCAAMABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
            + "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
            + "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi"
            + "4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APmvwf8ABj7n+ien8Ne4eD/gx9z/AET/AMdr1vwf4W0b5P8ARvSvcPB/hbRvk/0b"
            + "0r//2Q==")

    static let progressiveJPEG = decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAUDBAQEAwUEBAQFBQUGBwwIBwcHBw8LCwkMEQ8SEhEPERETFhwXExQaFRERGCEYGh0d"
            + "Hx8fExciJCIeJBweHx7/2wBDAQUFBQcGBw4ICA4eFBEUHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4e"
            + "Hh4eHh4eHh7/wgARCAAMABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABgX/xAAVAQEBAAAAAAAAAAAAAAAAAAAAA//a"
            + "AAwDAQACEAMQAAABJIraJH//xAAXEAEBAQEAAAAAAAAAAAAAAAAEAAID/9oACAEBAAEFAjjjjj8sR+WL/8QAFxEAAwEAAAAAAAAA"
            + "AAAAAAAAAAIFIf/aAAgBAwEBPwGHXfD/xAAXEQADAQAAAAAAAAAAAAAAAAAAAgMF/9oACAECAQE/AW2KH//EABUQAQEAAAAAAAAA"
            + "AAAAAAAAAAAx/9oACAEBAAY/AoiI/8QAFhABAQEAAAAAAAAAAAAAAAAAACEx/9oACAEBAAE/IcTEgID/2gAMAwEAAgADAAAAEK//"
            + "xAAVEQEBAAAAAAAAAAAAAAAAAAAAUf/aAAgBAwEBPxCk/8QAFREBAQAAAAAAAAAAAAAAAAAAAGH/2gAIAQIBAT8Quf/EABYQAQEB"
            + "AAAAAAAAAAAAAAAAAPEAEP/aAAgBAQABPxAWF1jf/9k=")

    static let inkJPEG = decoded(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoK"
            + "CgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIB"
            + "AwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZH"
            + "SElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV"
            + "1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9XK+e6/dSv0Mr/9k=")

    static let grayPNG = decoded(
        "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNkUFVltFZVBQACywDSLTEA4QAAAABJRU5ErkJggg==")

    static let grayAlphaPNG = decoded(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAQAAADYv8WvAAAAEklEQVR4nGM88Z+hkeE/A5cxABZdA4byxOZUAAAAAElFTkSuQmCC")

    static let colorAlphaPNG = decoded(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGP8n2L0n4GBoREAEW4DF8V3RhEAAAAASUVORK5CYII=")

    static let palettePNG = decoded(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEUKFB7IZDJ3oLOcAAAACklEQVR4nGNwAAAAQgBBKTf07wAA"
            + "AABJRU5ErkJggg==")

    static let transparentPalettePNG = decoded(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEUKFB7IZDJ3oLOcAAAAAXRSTlMAQObYZgAAAApJREFUeJxj"
            + "cAAAAEIAQSk39O8AAAAASUVORK5CYII=")

    static let oneBitPNG = decoded(
        "iVBORw0KGgoAAAANSUhEUgAAAAoAAAABAQAAAADPjgLTAAAAC0lEQVR4nGNcdQ0AAjABggI5rH8AAAAASUVORK5CYII=")

    static let sixteenBitPNG = decoded(
        "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABEAAAAABuG5crAAAAD0lEQVR4nGNgYGhg+P8fAAUEAn/jgEvgAAAAAElFTkSuQmCC")
}
