package dev.ucode.sandbox.http;

/** What a user may be kept from. */
public enum Permission {
  /** Search and read experiments. */
  READ_EXPERIMENTS,
  /** Create, tag, link and delete experiments. */
  EDIT_EXPERIMENTS,
  /** SELECT on the trace tables. */
  READ_TRACES,
  /** MODIFY on the trace tables. */
  WRITE_TRACES,
  /** CREATE TABLE in Unity Catalog schemas. */
  CREATE_TABLES,
  /** See that SQL warehouses exist. */
  LIST_WAREHOUSES,
  /** CAN USE on the SQL warehouses. */
  USE_WAREHOUSES,
  /** USE CATALOG on {@code system} and USE SCHEMA on {@code system.ai}. */
  LIST_MODELS,
  /** Query models through the AI gateway. */
  USE_MODELS
}
