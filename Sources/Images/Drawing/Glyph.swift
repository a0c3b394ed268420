/// One character of the built-in font: lines between the lit points of a grid with five columns.
///
/// Neighboring lit points are joined, so one small table gives smooth letters at every size.
struct Glyph {
    /// The lines in grid units; column 0 is the leftmost, row 0 the top of capitals, row 6 the baseline.
    let lines: [(from: Position, to: Position)]
    /// The number of columns used, 1 to 5.
    let width: Double

    /// The lowest row of letters without descenders.
    static let baseline = 6.0
    /// The lowest row of letters with descenders.
    static let lowestRow = 8.0

    /// Returns the glyph for `character`, or a question mark for anything outside ASCII 32–126.
    static func of(_ character: Character) -> Glyph {
        let code = character.asciiValue.map(Int.init) ?? 63
        return all[code >= 32 && code <= 126 ? code - 32 : 31]
    }

    private static let all: [Glyph] = rows.enumerated().map { index, text in
        // Digits keep their full width, so that columns of numbers line up.
        Glyph(rows: text, keepsFullWidth: (16...25).contains(index))
    }

    private init(rows: String, keepsFullWidth: Bool) {
        let bits = rows.map { $0.hexDigitValue ?? Int(String($0), radix: 32) ?? 0 }
        func isLit(_ column: Int, _ row: Int) -> Bool {
            (0..<5).contains(column) && bits.indices.contains(row) && bits[row] & (16 >> column) != 0
        }
        let lit = (0..<5).filter { column in bits.indices.contains { isLit(column, $0) } }
        let first = keepsFullWidth ? 0 : lit.first ?? 0
        let last = keepsFullWidth ? 4 : lit.last ?? 2

        var lines: [(from: Position, to: Position)] = []
        for row in bits.indices {
            for column in 0..<5 where isLit(column, row) {
                let here = Position(x: Double(column - first), y: Double(row))
                var neighbors: [(Int, Int)] = []
                if isLit(column + 1, row) { neighbors.append((1, 0)) }
                if isLit(column, row + 1) { neighbors.append((0, 1)) }
                // Add a diagonal only where no corner already joins the two points.
                for side in [-1, 1]
                where isLit(column + side, row + 1) && !isLit(column + side, row) && !isLit(column, row + 1) {
                    neighbors.append((side, 1))
                }
                for (dx, dy) in neighbors {
                    lines.append((here, Position(x: here.x + Double(dx), y: here.y + Double(dy))))
                }
                let isAlone = (-1...1).allSatisfy { dx in
                    (-1...1).allSatisfy { dy in dx == 0 && dy == 0 || !isLit(column + dx, row + dy) }
                }
                if isAlone { lines.append((here, here)) }
            }
        }
        self.lines = lines
        width = Double(last - first + 1)
    }

    /// Seven to nine rows per character, starting at code 32: one base-32 digit per row, the highest bit on the left.
    private static let rows: [String] = [
        "0000000", "4444404", "aa00000", "aavavaa", "4fke5u4", "op248j3", "cik8lid", "4400000",  //   ! " # $ % & '
        "2488842", "8422248", "04lel40", "044v440", "00000048", "000e000", "0000004", "11248gg",  // ( ) * + , - . /
        "ehhhhhe", "4c4444e", "eh1248v", "eh161he", "26aiv22", "vgu11he", "68guhhe", "v124888",  // 0 1 2 3 4 5 6 7
        "ehhehhe", "ehhf12c", "0040004", "00400048", "1248421", "00v0v00", "8421248", "eh12404",  // 8 9 : ; < = > ?
        "ehnlnge", "4ahhvhh", "uhhuhhu", "ehggghe", "sihhhis", "vgguggv", "vgguggg", "ehgnhhf",  // @ A B C D E F G
        "hhhvhhh", "e44444e", "72222ic", "hikokih", "ggggggv", "hrllhhh", "hhpljhh", "ehhhhhe",  // H I J K L M N O
        "uhhuggg", "ehhhlid", "uhhukih", "fgge11u", "v444444", "hhhhhhe", "hhhhaa4", "hhhllla",  // P Q R S T U V W
        "hha4ahh", "hhha444", "v1248gv", "e88888e", "gg84211", "e22222e", "4ah0000", "0000000v",  // X Y Z [ \ ] ^ _
        "8400000", "00e1fhf", "gguhhhu", "00ehghe", "11fhhhf", "00ehvge", "698s888", "00fhhhf1e",  // ` a b c d e f g
        "gguhhhh", "40c444e", "2062222ic", "ggikoki", "c44444e", "00qllll", "00uhhhh", "00ehhhe",  // h i j k l m n o
        "00uhhhugg", "00fhhhf11", "00mpggg", "00fge1u", "88s8896", "00hhhhf", "00hhaa4", "00hhlla",  // p q r s t u v w
        "00ha4ah", "00hhhhf1e", "00v248v", "2448442", "4444444", "8442448", "008l200",  // x y z { | } ~
    ]
}
