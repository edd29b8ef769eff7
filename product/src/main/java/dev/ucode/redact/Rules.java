package dev.ucode.redact;

import java.util.ArrayList;
import java.util.List;

/** Every sort of secret that is looked for. */
final class Rules {
  private Rules() {}

  static List<Rule> all() {
    List<Rule> rules = new ArrayList<>();
    rules.addAll(tokens());
    rules.addAll(contexts());
    rules.add(new PrivateKeyRule());
    rules.add(new AwsSecretRule());
    rules.add(new AssignmentRule());
    return List.copyOf(rules);
  }

  private static List<Rule> tokens() {
    return List.of(
        PatternRule.token(
            "databricks-token",
            List.of("dapi", "dose", "dkea"),
            "(?:dapi|dose|dkea)[0-9a-f]{32}(?:-[0-9]{1,2})?"),
        PatternRule.token(
            "aws-access-key",
            List.of("akia", "asia", "abia", "acca"),
            "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
        PatternRule.token(
            "github-token",
            List.of("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
            "(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})"),
        PatternRule.token(
            "gitlab-token",
            List.of("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-"),
            "gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{20,255}(?:\\.[A-Za-z0-9_-]+)*"),
        PatternRule.token(
            "slack-token",
            List.of("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe", "xapp-"),
            "(?:xoxe\\.)?(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,255}"),
        PatternRule.context(
            "slack-webhook",
            List.of("slack.com/services/"),
            "(?i)slack\\.com/services/(T[A-Z0-9]{4,}/B[A-Z0-9]{4,}/[A-Z0-9]{16,})",
            (text, from, to) -> true),
        PatternRule.token(
            "google-key",
            List.of("aiza", "ya29.", "gocspx-"),
            "(?:AIza[0-9A-Za-z_-]{35}|ya29\\.[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{20,})"),
        PatternRule.token(
            "anthropic-key", List.of("sk-ant-"), "sk-ant-[A-Za-z0-9]{2,12}-[A-Za-z0-9_-]{20,}"),
        PatternRule.token(
            "openai-key",
            List.of("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-none-"),
            "sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}"),
        PatternRule.token(
                "openai-key", List.of("t3blbkfj"), "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}")
            .back("sk-".length() + 20),
        PatternRule.token("openrouter-key", List.of("sk-or-v1-"), "sk-or-v1-[0-9a-f]{64}"),
        PatternRule.token(
            "huggingface-token",
            List.of(" hf_", "=hf_", "\"hf_", "'hf_", ":hf_", "\nhf_", "(hf_", "`hf_"),
            "[ =\"':\n(`](hf_[A-Za-z0-9]{30,60})"),
        PatternRule.token("npm-token", List.of("npm_"), "npm_[A-Za-z0-9]{36}"),
        PatternRule.token("pypi-token", List.of("pypi-ageia"), "pypi-AgEIA[A-Za-z0-9_-]{40,}"),
        PatternRule.token(
            "stripe-key",
            List.of("sk_live_", "rk_live_", "sk_test_", "rk_test_"),
            "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
        PatternRule.token(
                "jwt",
                List.of(
                    "eyjh", "eyj0", "eyjr", "eyj4", "eyjj", "eyjl", "eyjw", "eyj1", "eyjq", "eyj6"),
                "eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){0,2}\\.[A-Za-z0-9_-]{8,}"
                    + "\\.[A-Za-z0-9_-]{8,}")
            .reach(8192));
  }

  private static List<Rule> contexts() {
    return List.of(
        PatternRule.context(
            "secret",
            List.of("authorization"),
            "(?i)authorization[\"'\\\\]*\\s*[:=,]\\s*[\"'\\\\]*"
                + "(?:(?:bearer|basic|token|digest|negotiate|apikey)\\s+)"
                + "([A-Za-z0-9._~+/-]{8,}=*)",
            Rules::isCredential),
        PatternRule.context(
            "secret",
            List.of("bearer "),
            "(?i)bearer +([A-Za-z0-9._~+/-]{16,}=*)",
            Rules::isCredential),
        new UrlRule(),
        PatternRule.context(
            "secret",
            List.of("?sig=", "&sig=", "x-amz-signature=", "x-goog-signature="),
            "(?i)(?:[?&]sig|x-(?:amz|goog)-signature)=([A-Za-z0-9%+/=_-]{30,})",
            (text, from, to) -> true),
        PatternRule.context(
            "secret",
            List.of(" -u ", "--user "),
            "(?: -u|--user)\\s+[\"']?[A-Za-z0-9_.@-]+:([^\\s\"'/]{6,})",
            Values::hasLetter));
  }

  private static boolean isCredential(String text, int from, int to) {
    return Values.isRandom(text, from, to) || text.charAt(to - 1) == '=';
  }
}
