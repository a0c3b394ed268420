import Foundation
import Testing

@testable import Dashboard
@testable import Runs

/// Each rule that keeps others out, with somebody who tries to get in.
@Suite struct AttackTests {
    // MARK: - Names and origins

    /// A page at a name that an attacker has pointed at this machine asks by that name.
    @Test(arguments: [
        "evil.example", "evil.example:6480", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "[::1", "",
        "a@localhost", "localhost/", "127.1",
    ])
    func otherNamesAreRefused(host: String) async throws {
        let answer = try await Site.open().ask("GET", "/api/runs", host: host)
        #expect(answer.status == 403 || answer.status == 400, "\(answer)")
        #expect(!answer.body.contains("runs\":"))
    }

    @Test(arguments: ["localhost", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:80", "[::1]:6480"])
    func ourNamesAreAnswered(host: String) async throws {
        #expect(try await Site.open().ask("GET", "/api/runs", host: host).status == 200)
    }

    @Test func whoAsksForTheHeadOnlyGetsNoMore() async throws {
        let site = try await Site.open()
        let run = try site.run().folder.name
        for path in ["/", "/api/runs", "/api/runs/\(run)", "/api/runs/\(run)/losses.csv"] {
            let (head, whole) = (try await site.ask("HEAD", path), try await site.ask("GET", path))
            #expect(head.status == 200 && head.body.isEmpty && !whole.body.isEmpty, "\(path)")
        }
        #expect(try await site.ask("HEAD", "/api/runs/none").status == 404)
    }

    @Test func aRequestWithoutAHostIsRefused() async throws {
        let text = try await Site.open().send("GET /api/runs HTTP/1.0\r\n\r\n") { $0.contains("\r\n\r\n") }
        #expect(text.hasPrefix("HTTP/1.1 403") || text.hasPrefix("HTTP/1.0 403") || text.contains(" 400 "))
    }

    @Test func anAllowedNameIsAnswered() async throws {
        let site = try await Site.open { $0.names = ["Gans.Example"] }
        #expect(try await site.ask("GET", "/api/runs", host: "gans.example:80").status == 200)
        #expect(try await site.ask("GET", "/api/runs", host: "other.example:80").status == 403)
    }

    @Test(arguments: [
        "Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:1", "Origin: file://",
        "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
    ])
    func otherSitesMayNotEvenRead(header: String) async throws {
        #expect(try await Site.open().ask("GET", "/api/runs", [header]).status == 403)
    }

    /// A link from anywhere leads to the page, whose own requests are its own.
    @Test func aLinkLeadsToThePage() async throws {
        #expect(try await Site.open().ask("GET", "/", ["Sec-Fetch-Site: cross-site"]).status == 200)
    }

    // MARK: - Writing

    @Test func aWriteNeedsThePageOrTheToken() async throws {
        let site = try await Site.open()
        let folder = try site.run().folder
        let path = "/api/runs/\(folder.name)/annotations"
        let body = "{\"tags\": [\"x\"]}"
        #expect(try await site.ask("PUT", path, body: body).status == 403)
        #expect(try await site.ask("PUT", path, ["Origin: http://evil.example"], body: body).status == 403)
        #expect(try await site.ask("PUT", path, ["Authorization: Bearer guess"], body: body).status == 403)
        #expect(folder.readAnnotations().tags.isEmpty)
        #expect(try await site.ask("PUT", path, [site.origin], body: body).status == 200)
        #expect(folder.readAnnotations().tags == ["x"])
    }

    @Test func aRunIsNotDeletedByAccident() async throws {
        let site = try await Site.open()
        let folder = try site.run().folder
        let path = "/api/runs/\(folder.name)"
        #expect(try await site.ask("DELETE", path + "?confirm=\(folder.name)").status == 403)
        #expect(try await site.ask("DELETE", path, [site.origin]).status == 400)
        #expect(try await site.ask("DELETE", path + "?confirm=other", [site.origin]).status == 400)
        #expect(try await site.ask("GET", path + "?confirm=\(folder.name)", [site.origin]).status == 200)
        #expect(try await site.ask("POST", path + "?confirm=\(folder.name)", [site.origin]).status == 404)
        #expect(folder.exists)
        #expect(try await site.ask("DELETE", path + "?confirm=\(folder.name)", [site.origin]).status == 204)
        #expect(!folder.exists)
    }

    @Test func aRunThatTrainsIsNotDeleted() async throws {
        let site = try await Site.open()
        let writer = try site.run(isFinished: false)
        let answer = try await site.ask(
            "DELETE", "/api/runs/\(writer.folder.name)?confirm=\(writer.folder.name)", [site.origin])
        #expect(answer.status == 409 && answer.body.contains("is being written"))
        #expect(writer.folder.exists)
    }

    // MARK: - Tokens

    private let token = "0123456789abcdef0123456789abcdef"

    private func guarded() async throws -> Site {
        let token = token
        return try await Site.open {
            $0.host = "0.0.0.0"
            $0.token = token
        }
    }

    @Test(arguments: [
        "/", "/api/runs", "/page/dashboard.js", "/api/events", "/?token=", "/?token=0123456789abcdef0123456789abcdeg",
        "/api/runs?token=0123456789abcdef0123456789abcdef",
    ])
    func withoutTheTokenThereIsNothing(path: String) async throws {
        let answer = try await guarded().ask("GET", path)
        #expect(answer.status == 401 && !answer.body.contains(token), "\(answer)")
    }

    @Test func theTokenOpensTheDoor() async throws {
        let site = try await guarded()
        #expect(try await site.ask("GET", "/api/runs", ["Authorization: Bearer \(token)"]).status == 200)
        #expect(try await site.ask("GET", "/api/runs", ["Authorization: Bearer \(token)0"]).status == 401)
        #expect(try await site.ask("GET", "/api/runs", ["Authorization: Basic \(token)"]).status == 401)
        let entered = try await site.ask("GET", "/?token=\(token)")
        #expect(entered.status == 303 && entered.head.contains("Location: /\r\n"))
        let cookie = try #require(
            entered.head.components(separatedBy: "\r\n").first { $0.hasPrefix("Set-Cookie: ") }?.dropFirst(12))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(token))
        let session = cookie.split(separator: ";")[0]
        #expect(try await site.ask("GET", "/api/runs", ["Cookie: a=b; \(session)"]).status == 200)
        #expect(
            try await site.ask("GET", "/api/runs", ["Cookie: \(session.split(separator: "=")[0])=\(token)"]).status
                == 401)
        // The cookie alone writes nothing: another site could make a browser send it.
        let folder = try site.run().folder
        let path = "/api/runs/\(folder.name)/annotations"
        #expect(try await site.ask("PUT", path, ["Cookie: \(session)"], body: "{}").status == 403)
        #expect(try await site.ask("PUT", path, ["Authorization: Bearer \(token)"], body: "{}").status == 200)
    }

    /// Reached by other machines, it is asked by address; by names only that were allowed.
    @Test func anOpenAddressIsNoOpenName() async throws {
        let site = try await guarded()
        let header = "Authorization: Bearer \(token)"
        #expect(try await site.ask("GET", "/api/runs", host: "192.168.1.7:6480", [header]).status == 200)
        #expect(try await site.ask("GET", "/api/runs", host: "evil.example", [header]).status == 403)
    }

    @Test func anOpenAddressGetsATokenByItself() async throws {
        let (first, second) = (try await Site.open { $0.host = "0.0.0.0" }, try await Site.open { $0.host = "0.0.0.0" })
        let tokens = [first, second].compactMap { $0.server.address.components(separatedBy: "token=").last }
        #expect(Set(tokens).count == 2 && tokens.allSatisfy { $0.count == 32 })
        #expect(try await first.ask("GET", "/api/runs").status == 401)
        #expect(try await first.ask("GET", "/api/runs", ["Authorization: Bearer \(tokens[0])"]).status == 200)
    }

    @Test func aShortTokenIsRefused() async {
        await #expect(throws: DashboardError.self) { try await Site.open { $0.token = "secret" } }
    }

    // MARK: - Paths

    @Test(arguments: [
        "/api/runs/..", "/api/runs/%2e%2e", "/api/runs/..%2f..%2fetc", "/api/runs/%252e%252e%252f", "/api/runs/.hidden",
        "/api/runs/%2Fetc", "/api/runs/a%00b", "/api/runs/..;/x", "/api/runs/%ff%fe", "/page/..%2f..%2fPackage.swift",
        "/page/../Package.swift", "/page/plotly/..%2f..%2fetc%2fpasswd", "/../../etc/passwd", "//etc/passwd",
    ])
    func pathsLeadNowhere(path: String) async throws {
        let site = try await Site.open()
        let answer = try await site.ask("GET", path)
        #expect([400, 404].contains(answer.status), "\(answer)")
        #expect(!answer.body.contains("root:"))
    }

    @Test func sheetsAreAskedForByNumber() async throws {
        let site = try await Site.open()
        let writer = try site.run(isFinished: false)
        let secret = site.runs.appending(path: "secret.png")
        try onePixel.write(to: secret)
        let samples = writer.folder.samples
        try onePixel.write(to: samples.appending(path: "epoch-0001.png"))
        try Data("root:x:0:0".utf8).write(to: samples.appending(path: "epoch-0002.png"))
        try FileManager.default.createSymbolicLink(
            at: samples.appending(path: "epoch-0003.png"), withDestinationURL: secret)
        // A run that came from elsewhere has anything in its database.
        let files = [
            "samples/epoch-0001.png", "samples/epoch-0002.png", "samples/epoch-0003.png", "../secret.png",
            "samples/gone.png",
        ]
        for (index, file) in files.enumerated() {
            writer.record(SheetRecord(step: index + 1, epoch: index + 1, imagesSeen: 1, file: file, wallTime: 1))
        }
        try writer.finish(.finished)
        let path = "/api/runs/\(writer.folder.name)/sheets/"
        var statuses: [Int] = []
        for number in 1...6 { statuses.append(try await site.ask("GET", path + "\(number)").status) }
        #expect(statuses == [200, 404, 404, 404, 404, 404])
        for odd in ["epoch-0001.png", "..%2f..%2fsecret.png", "1.png", "-1", "99999999999999999999", "1;"] {
            #expect(try await [400, 404].contains(site.ask("GET", path + odd).status), "\(odd)")
        }
        #expect(try await site.ask("GET", "/api/runs/\(writer.folder.name)/findings/..%2f/1").status == 400)
        #expect(try await !site.ask("GET", "/api/runs/\(writer.folder.name)/samples.zip").body.contains("root:x:0:0"))
    }

    // MARK: - Bounds

    @Test func bodiesAndQueriesAreBounded() async throws {
        let site = try await Site.open()
        let folder = try site.run().folder
        let path = "/api/runs/\(folder.name)"
        let long = String(repeating: "x", count: 70_000)
        #expect(
            try await [413, 400].contains(
                site.ask("PUT", path + "/annotations", [site.origin], body: "{\"note\": \"\(long)\"}").status))
        let note = String(repeating: "x", count: 30_000)
        #expect(
            try await site.ask("PUT", path + "/annotations", [site.origin], body: "{\"note\": \"\(note)\"}").status
                == 409)
        let deep = String(repeating: "[", count: 30_000)
        #expect(try await site.ask("PUT", path + "/annotations", [site.origin], body: deep).status == 400)
        #expect(folder.readAnnotations() == RunAnnotations())
        #expect(try await site.ask("GET", "/api/runs?" + String(repeating: "a", count: 9000)).status == 414)
        for query in ["buckets=0", "buckets=100000", "buckets=x", "from=-1", "from=9&to=3", "to=99999999999999999999"] {
            #expect(try await site.ask("GET", path + "/series?name=loss_generator&" + query).status == 400, "\(query)")
        }
        let many = (0..<65).map { "name=s\($0)" }.joined(separator: "&")
        #expect(try await site.ask("GET", path + "/series?" + many).status == 400)
        #expect(try await site.ask("GET", "/api/means?run=\(folder.name)&name=loss_generator").status == 400)
    }

    @Test func whatIsNoRequestEndsNothing() async throws {
        let site = try await Site.open()
        for text in [
            "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
            "PUT / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        ] {
            _ = try await site.send(text, until: { $0.contains("\r\n\r\n") })
        }
        #expect(try await site.ask("GET", "/api/runs").status == 200)
    }

    // MARK: - Answers

    @Test(arguments: ["/", "/api/runs", "/nothing", "/api/runs/nothing", "/page/dashboard.js"])
    func everyAnswerHasThePolicy(path: String) async throws {
        let head = try await Site.open().ask("GET", path).head
        let policy = try #require(
            head.components(separatedBy: "\r\n").first { $0.hasPrefix("Content-Security-Policy: ") })
        #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"))
        #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
        for header in [
            "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
            "Cross-Origin-Resource-Policy: same-origin",
        ] {
            #expect(head.contains(header))
        }
    }

    /// Problems repeat what was asked, and are text.
    @Test func problemsAreText() async throws {
        let answer = try await Site.open().ask("GET", "/api/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        #expect(answer.head.contains("Content-Type: text/plain"))
    }

    @Test func secretsAreComparedWhole() {
        #expect(Access.areEqual("same", "same") && !Access.areEqual("same", "sam") && !Access.areEqual("", "x"))
    }
}
