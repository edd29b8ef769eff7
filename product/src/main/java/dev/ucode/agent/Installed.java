package dev.ucode.agent;

import java.nio.file.Path;

/**
 * An agent's program on this machine.
 *
 * @param version as it says of itself, or {@code unknown}
 */
public record Installed(Path binary, String version) {}
