package dev.ucode;

import dev.ucode.cli.view.StatusView;
import dev.ucode.cli.view.TurnView;
import dev.ucode.console.Output;
import dev.ucode.console.Progress;
import dev.ucode.console.Text;
import dev.ucode.demo.Demo;
import dev.ucode.drain.Flush;
import dev.ucode.history.TurnTree;
import dev.ucode.status.StatusReport;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;

/** Tells a person what the demo does, and shows what came of it. */
final class DemoGuide implements Demo.Guide {
  private final Output out;
  private final Progress progress;

  DemoGuide(Output out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  @Override
  public void step(String what) {
    progress.step(what);
  }

  @Override
  public void command(String line) {
    progress.done();
    out.line("  " + out.paint().cyan("$ " + Text.oneLine(line)));
  }

  @Override
  public void printed(String text) {
    text.lines().forEach(line -> out.line("    " + Text.safe(line)));
  }

  /** The traces as they are in the table, the status, and what to do next. */
  void result(List<TurnTree> turns, StatusReport status, Flush.Result flushed, Path folder) {
    out.line();
    out.line(
        out.paint()
            .bold("The session, turn by turn, read back from the Unity Catalog table by SQL"));
    for (TurnTree turn : turns) {
      out.line();
      new TurnView(out, ZoneId.systemDefault()).print(turn);
    }
    out.line();
    out.line(out.paint().bold("The status"));
    new StatusView(out).print(status);
    if (!flushed.done()) {
      out.line();
      out.line("Something is still on its way; it goes on in the background.");
    }
    out.line();
    out.line(out.paint().bold("What next"));
    out.line("  look around in there:  export UCODE_HOME=" + folder.resolve("ucode"));
    out.line("                         ucode traces show latest");
    out.line("  for your workspace:    ucode configure --agents claude --tracing");
    out.line(
        "  clean up:              UCODE_SANDBOX_HOME="
            + folder.resolve("sandbox")
            + " ucode sandbox stop --name demo");
    out.line("                         rm -r " + folder);
  }
}
