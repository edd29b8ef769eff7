package dev.ucode.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every script of the tree, and the two that are shipped, as shellcheck wants them. */
class ShellcheckIT {
  @Test
  void scriptsAreClean() throws Exception {
    List<Path> scripts = new ArrayList<>(List.of(Dist.launcher(), Dist.hook()));
    for (String folder : List.of(".", "build", ".ci", "acceptance", "bench", "dist/src/main/sh")) {
      Path where = Dist.root().resolve(folder);
      if (Files.isDirectory(where)) {
        try (Stream<Path> files = Files.list(where)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            if (isScript(file)) {
              scripts.add(file);
            }
          }
        }
      }
    }
    assertThat(scripts).as("scripts found").hasSizeGreaterThan(5);
    Run.Result result =
        Run.of("shellcheck", "--color=never")
            .words(scripts.stream().map(Path::toString).toList())
            .run();
    assertThat(result.out() + result.err()).isEmpty();
    assertThat(result.code()).isZero();
  }

  private static boolean isScript(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(32), java.nio.charset.StandardCharsets.ISO_8859_1);
      return start.startsWith("#!/bin/sh")
          || start.startsWith("#!/bin/bash")
          || start.startsWith("#!/usr/bin/env bash");
    }
  }
}
