package dev.tarn.platform.workspace;

/**
 * A file or folder of the workspace.
 *
 * @param objectType {@code FILE} or {@code DIRECTORY}
 * @param path absolute, without {@code /Workspace} before it
 * @param modifiedAt milliseconds since 1970
 * @param size bytes; 0 for a folder
 */
public record WorkspaceObject(String objectType, String path, long modifiedAt, long size) {}
