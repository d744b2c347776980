package dev.tarn.store.volumes;

/**
 * A file or folder in a volume.
 *
 * @param path {@code /Volumes/…}
 * @param fileSize bytes; 0 for a folder
 * @param lastModified milliseconds since 1970
 */
public record VolumeEntry(
    String path, String name, boolean isDirectory, long fileSize, long lastModified) {}
