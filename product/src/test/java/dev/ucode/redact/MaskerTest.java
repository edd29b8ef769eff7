package dev.ucode.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MaskerTest {
  private static final String HEX = "0123456789abcdef0123456789abcdef";
  private static final String GITHUB = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";
  private static final String JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJlLW9mLWl0";
  private static final String PEM = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB";

  private final Masker masker = new Masker(new byte[32]);

  /** In each line the part between the marks « and » is the secret. */
  @TestFactory
  Stream<DynamicTest> secretsAreMasked() {
    return Stream.of(
            "DATABRICKS_TOKEN=«dapi" + HEX + "» next",
            "token dapi in text: «dapi" + HEX + "-2», and so on",
            "«dose" + HEX + "»",
            "url ?t=%3D«dapi" + HEX + "»&x=1",
            "echo «AKIAIOSFODNN7EXAMPLE» password=«hunter2»",
            """
            [default]
            aws_access_key_id = «AKIAIOSFODNN7EXAMPLE»
            aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»
            """,
            "«AKIAIOSFODNN7EXAMPLE»\t«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
            "remote: «" + GITHUB + "»",
            "\\n«" + GITHUB + "»\\n",
            "\u001b[31m«" + GITHUB + "»\u001b[0m",
            "https://x-access-token:«" + GITHUB + "»@github.com/a/b.git",
            "https://«" + GITHUB + "»@github.com/a/b.git",
            "GL «glpat-abcdefghij0123456789»",
            "«xoxb-123456789012-abcdefABCDEF»",
            "https://hooks.slack.com/services/«T01234567/B01234567/abcdefghijklmnopqrstuvwx»",
            "key «AIzaSyA1234567890abcdefghijklmnopqrstuv»",
            "«sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789_-AA»",
            "«sk-proj-abcdefghijklmnopqrstuvwx»",
            "«sk-abcdefghijklmnopqrstT3BlbkFJabcdefghijklmnopqrst»",
            "HF: «hf_abcdefghijklmnopqrstuvwxyzABCDEFGH»",
            "«npm_abcdefghijklmnopqrstuvwxyz0123456789»",
            "cookie: session=«" + JWT + "»; path=/",
            "Authorization: Bearer «abcdef1234567890»",
            "-H 'Authorization: Basic «QWxhZGRpbjpvcGVuIHNlc2FtZQ==»'",
            "{\"Authorization\": \"Bearer «" + JWT + "»\"}",
            "curl -s -u admin:«hunter22» https://x.test",
            "-----BEGIN RSA PRIVATE KEY-----\n«"
                + PEM
                + "\n"
                + PEM
                + "»\n-----END RSA PRIVATE KEY-----",
            "\"-----BEGIN PRIVATE KEY-----\\n«" + PEM + "\\nabc=»\\n-----END PRIVATE KEY-----\\n\"",
            "-----BEGIN OPENSSH PRIVATE KEY-----\n«" + PEM + "»", // cut short
            "postgres://app:«s3cr3t»@db.test:5432/app",
            "https://me:«p@ss:w0rd»@host.test/",
            "password: «hunter2»",
            "\"password\": \"«hunter»\"",
            "{\\\"password\\\": \\\"«hunter2»\\\"}",
            "db.password = '«correcthorse»'",
            "PGPASSWORD=«swordfish» psql",
            "mysql --password «hunter2» -e x",
            "<password>«hunter2»</password>",
            "API_KEY=«4eC39HqLyjWDarjtT1zdp7dc»",
            "api-key: «4eC39HqLyjWDarjtT1zdp7dc»",
            "x-api-key: «9f86d081884c7d65»",
            "const apiKey: string = \"«4eC39HqLyjWDarjtT1zdp7dc»\";",
            "os.environ[\"CLIENT_SECRET\"] = \"«a8f5f167f44f4964e6c998dee827110c»\"",
            "AccountName=x;AccountKey=«Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq»",
            "https://x.blob.test/a?sv=1&sig=«abcdefghijklmnopqrstuvwxyz0123456789%3D»",
            "GITHUB_TOKEN_READONLY=«Zm9vYmFyYmF6cXV4MTIzNDU2»")
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.lines().findFirst().orElse(line),
                    () -> assertThat(mask(plain(line))).isEqualTo(expected(line))));
  }

  @TestFactory
  Stream<DynamicTest> otherThingsAreLeftAlone() {
    return Stream.of(
            "123e4567-e89b-42d3-a456-426614174000",
            "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "toolu_d7bbfb0e19151d04d849889c req_38e014f2505db35dda0653a9"
                + " msg_a7631b66f80f0c369241a004",
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E",
            "max_tokens: 4096, \"input_tokens\":1200,\"output_tokens\":50",
            "next_page_token=CAESBgoEbmV4dA1234",
            "the password is required; Password: required",
            "password: \"Enter your password\"",
            "password = getpass.getpass()",
            "def login(user, password=None, token=token):",
            "connect(user=user, password=pw_from_vault)",
            "token: string; secret?: boolean; apiKey: str | None = None",
            "token = self.config.token",
            "password: ${DB_PASSWORD}",
            "password=$PASSWORD",
            "API_KEY=<your key here>",
            "api_key: {{ secrets.API_KEY }}",
            "--token \"$(cat token)\"",
            "SECRET_NAME=projects/x/secrets/name",
            "SSH_KEY=/home/me/.ssh/id_ed25519",
            "options (`pwd: osc7/osc51/osc99`)",
            "PWD=/home/me/w1 OLDPWD=/tmp/x2",
            "primary_key = user_id1, foreign key: order_id_12, keyboard: qwerty123",
            "for key, value in d.items(): key = f'x{1}'",
            "bearer authentication and Authorization: required",
            "Bearer of bad news1",
            "git@github.com:a/b.git ssh://git@github.com/a/b.git https://user@host.test",
            "https://host.test:8443/path?x=1@2",
            "docker run -u 1000:100000 image",
            "-----BEGIN CERTIFICATE-----\n" + PEM + "\n-----END CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----\n" + PEM + "\n-----END PUBLIC KEY-----",
            "task-ant-colony sk-learn risk-averse",
            "Asia, dosed, dapifoo, eyJustText. a.b.c",
            "password=******** token=xxxxxxxx",
            "if (token == 'abc123456') return",
            "x::token::y1z2w3 password_hash",
            "✔ 日本語 \uD83D\uDE00 password")
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.lines().findFirst().orElse(line),
                    () -> {
                      String masked = mask(line);
                      assertThat(masked).isSameAs(line);
                    }));
  }

  @Test
  void theSameSecretHasTheSameMarkWhereverItStands() {
    String alone = mask("dapi" + HEX);
    assertThat(mask("DATABRICKS_TOKEN=dapi" + HEX)).isEqualTo("DATABRICKS_TOKEN=" + alone);
    assertThat(mask("https://token:dapi" + HEX + "@h.test/"))
        .isEqualTo("https://token:" + alone + "@h.test/");
    assertThat(mask("password=hunter2").substring("password=".length()))
        .isEqualTo(mask("passwd: hunter2").substring("passwd: ".length()));
  }

  @Test
  void anotherInstallationMarksItDifferently() {
    byte[] key = new byte[32];
    key[0] = 1;
    assertThat(new Masker(key).mask("dapi" + HEX, new TreeMap<>()))
        .isNotEqualTo(mask("dapi" + HEX));
  }

  @Test
  void whatOnlyLooksLikeAMarkDoesNotHideASecret() {
    assertThat(mask("'password': '[REDACTED:x]hunter2'")).contains("[REDACTED:secret:");
  }

  @Test
  void countsWhatItMasked() {
    Map<String, Integer> masked = new TreeMap<>();
    masker.mask("AKIAIOSFODNN7EXAMPLE password=hunter2 password=hunter3", masked);
    assertThat(masked).containsExactlyInAnyOrderEntriesOf(Map.of("aws-access-key", 1, "secret", 2));
  }

  @Property(tries = 2000)
  void maskingTwiceIsMaskingOnce(@ForAll("textsWithSecrets") String text) {
    String once = mask(text);
    assertThat(mask(once)).isEqualTo(once);
  }

  @Property(tries = 1000)
  void aTokenIsFoundWhateverSurroundsIt(
      @ForAll("fragments") String before, @ForAll("fragments") String after) {
    assertThat(mask(before + " dapi" + HEX + " " + after)).doesNotContain(HEX);
  }

  @Provide
  Arbitrary<String> textsWithSecrets() {
    return fragments().list().ofMinSize(1).ofMaxSize(8).map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> fragments() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "password=",
            "token: ",
            "\"secret\": \"",
            "\"",
            "'",
            " ",
            "\n",
            "\\n",
            "://",
            "user:",
            "@host/",
            "Authorization: ",
            "Bearer ",
            "-----BEGIN PRIVATE KEY-----",
            "-----END ",
            "api_key=",
            "dapi" + HEX,
            GITHUB,
            JWT,
            "AKIAIOSFODNN7EXAMPLE",
            "hunter2",
            PEM,
            "=",
            ":",
            "--password ",
            "[REDACTED:",
            "[REDACTED:secret:0123456789]",
            "x",
            "-u a:",
            "https"),
        Arbitraries.strings().ascii().ofMaxLength(12),
        Arbitraries.strings().all().ofMaxLength(6));
  }

  private String mask(String text) {
    return masker.mask(text, new TreeMap<>());
  }

  private static String plain(String line) {
    return line.replace("«", "").replace("»", "");
  }

  private String expected(String line) {
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (int at = line.indexOf('«'); at >= 0; at = line.indexOf('«', done)) {
      int end = line.indexOf('»', at);
      out.append(line, done, at);
      String secret = line.substring(at + 1, end);
      String masked = mask(plain(line));
      out.append(markOf(secret, masked));
      done = end + 1;
    }
    return out.append(line.substring(done)).toString();
  }

  /** The mark of exactly that secret, under whichever kind the text shows. */
  private static String markOf(String secret, String masked) {
    Marks marks = new Marks(new byte[32]);
    String any = marks.of("secret", secret);
    String digest = any.substring(any.lastIndexOf(':'));
    int at = masked.indexOf(digest);
    if (at < 0) {
      return "no mark of " + secret;
    }
    return masked.substring(masked.lastIndexOf('[', at), at) + digest;
  }
}
