package dev.ucode.console;

/**
 * Colours, where there are any: without them each method gives its text back.
 *
 * @param on whether codes are written
 */
public record Paint(boolean on) {
  static final String RESET = "\u001b[0m";

  public String bold(String text) {
    return code("1", text);
  }

  public String dim(String text) {
    return code("2", text);
  }

  public String red(String text) {
    return code("31", text);
  }

  public String green(String text) {
    return code("32", text);
  }

  public String yellow(String text) {
    return code("33", text);
  }

  public String blue(String text) {
    return code("34", text);
  }

  public String cyan(String text) {
    return code("36", text);
  }

  private String code(String number, String text) {
    return on && !text.isEmpty() ? "\u001b[" + number + "m" + text + RESET : text;
  }
}
