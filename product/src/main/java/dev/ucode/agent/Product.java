package dev.ucode.agent;

/**
 * How an agent is called outside ucode.
 *
 * @param display name for people
 * @param binary the program on {@code PATH}
 * @param npmPackage the package it comes in
 */
public record Product(String display, String binary, String npmPackage) {}
