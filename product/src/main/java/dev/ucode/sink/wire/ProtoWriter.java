package dev.ucode.sink.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a protobuf message from its end to its start: by the time the length of a nested message
 * must be written, it is known, and nothing is measured twice. Fields are therefore given last
 * first.
 */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;

  private byte[] buffer = new byte[1 << 12];
  private int start = buffer.length;

  /** Bytes written so far: what a nested message begins from. */
  int mark() {
    return buffer.length - start;
  }

  /** Closes a nested message: everything written since the mark becomes the field's value. */
  void message(int field, int mark) {
    length(field, mark() - mark);
  }

  /** A plain string field: its default, the empty one, is not written. */
  void text(int field, String value) {
    if (!value.isEmpty()) {
      string(field, value);
    }
  }

  /** A string that is one of several possible fields: written even where it is empty. */
  void string(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8); // a lone surrogate becomes '?'
    bytes(field, utf8);
  }

  void bytes(int field, byte[] value) {
    room(value.length);
    start -= value.length;
    System.arraycopy(value, 0, buffer, start, value.length);
    length(field, value.length);
  }

  void varint(int field, long value) {
    varint(value);
    tag(field, VARINT);
  }

  /** A plain 64-bit field: its default, zero, is not written. */
  void plainFixed64(int field, long value) {
    if (value != 0) {
      fixed64(field, value);
    }
  }

  void fixed64(int field, long value) {
    room(8);
    start -= 8;
    for (int i = 0; i < 8; i++) {
      buffer[start + i] = (byte) (value >>> (8 * i));
    }
    tag(field, FIXED64);
  }

  byte[] toByteArray() {
    return Arrays.copyOfRange(buffer, start, buffer.length);
  }

  private void length(int field, int length) {
    varint(length);
    tag(field, BYTES);
  }

  private void tag(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  private void varint(long value) {
    int size = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    room(size);
    start -= size;
    long rest = value;
    for (int i = 0; i < size - 1; i++) {
      buffer[start + i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[start + size - 1] = (byte) rest;
  }

  private void room(int more) {
    if (start >= more) {
      return;
    }
    int used = mark();
    int size = Math.max(Math.multiplyExact(buffer.length, 2), Math.addExact(used, more));
    byte[] larger = new byte[size];
    System.arraycopy(buffer, start, larger, size - used, used);
    buffer = larger;
    start = size - used;
  }
}
