package dev.tarn.store.objects;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system without its native library, which starts a process for each permission
 * that it sets and for each name that might be a link: six for a commit to a Delta table.
 */
class InProcessLocalFileSystem extends RawLocalFileSystem {
  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    if (UNIX) {
      Files.setAttribute(
          pathToFile(path).toPath(), "unix:mode", Integer.valueOf(permission.toShort()));
    } else {
      super.setPermission(path, permission);
    }
  }

  @Override
  public FileStatus getFileLinkStatus(Path path) throws IOException {
    return Files.isSymbolicLink(pathToFile(path).toPath())
        ? super.getFileLinkStatus(path)
        : getFileStatus(path);
  }
}
