package dev.ucode.store;

/** What is known of the delivery of a span. */
public enum SpanStatus {
  /** To be sent. */
  PENDING,
  /** In a request whose outcome has not been written down. */
  SENDING,
  /** Perhaps taken: to be asked about. */
  UNKNOWN,
  /** Taken. */
  DELIVERED,
  /** Refused for good: in quarantine. */
  REJECTED
}
