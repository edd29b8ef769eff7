package dev.ucode.sink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ExportResponseTest {
  @Property(tries = 300)
  void readsWhatProtobufWrites(@ForAll long rejected, @ForAll String message) throws Exception {
    String text = new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    byte[] body =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(rejected)
                    .setErrorMessage(text))
            .build()
            .toByteArray();
    assertThat(ExportResponse.parse(body)).isEqualTo(new ExportResponse(rejected, text));
    for (int length = 1; length < body.length; length++) {
      assertThat(ExportResponse.parse(Arrays.copyOf(body, length))).as("cut").isNull();
    }
  }

  @Property(tries = 1000)
  void anyBytesAreReadOrRefused(@ForAll byte[] body) {
    ExportResponse.parse(body); // neither throws nor runs on
  }

  @Test
  void nothingMeansEverythingWasTaken() {
    assertThat(ExportResponse.parse(new byte[0])).isEqualTo(new ExportResponse(0, ""));
  }

  @Test
  void unknownFieldsAreSkipped() {
    byte[] later = {0x10, 5, 0x1a, 1, 0x7f, 0x25, 0, 0, 0, 0, 0x29, 0, 0, 0, 0, 0, 0, 0, 0};
    assertThat(ExportResponse.parse(later)).isEqualTo(new ExportResponse(0, ""));
  }

  @Test
  void aPageForPeopleIsNoAnswer() {
    assertThat(ExportResponse.parse("<html>".getBytes(StandardCharsets.UTF_8))).isNull();
  }
}
