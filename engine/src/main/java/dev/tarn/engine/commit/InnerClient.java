package dev.tarn.engine.commit;

import dev.tarn.govern.commits.CommitRequest;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.commits.ManagedLog;
import dev.tarn.govern.commits.RatifiedCommit;
import dev.tarn.kernel.error.TarnException;
import io.delta.storage.commit.Commit;
import io.delta.storage.commit.CommitFailedException;
import io.delta.storage.commit.CoordinatedCommitsUtils;
import io.delta.storage.commit.GetCommitsResponse;
import io.delta.storage.commit.TableIdentifier;
import io.delta.storage.commit.actions.AbstractDomainMetadata;
import io.delta.storage.commit.actions.AbstractMetadata;
import io.delta.storage.commit.actions.AbstractProtocol;
import io.delta.storage.commit.uccommitcoordinator.CommitLimitReachedException;
import io.delta.storage.commit.uccommitcoordinator.InvalidTargetTableException;
import io.delta.storage.commit.uccommitcoordinator.UCClient;
import io.delta.storage.commit.uccommitcoordinator.UCCommitCoordinatorException;
import io.delta.storage.commit.uniform.UniformMetadata;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Delta's client of Unity Catalog for Unity Catalog itself. Rights were checked when the statement
 * was analysed; the id of the table is what its log says, which others write, so that it has to fit
 * the place.
 */
final class InnerClient implements UCClient {
  private final Commits commits;

  InnerClient(Commits commits) {
    this.commits = commits;
  }

  @Override
  public String getMetastoreId() {
    throw new UnsupportedOperationException("Tables name their catalog here.");
  }

  @Override
  public void commit(
      String tableId,
      URI tableUri,
      TableIdentifier name,
      Optional<Commit> commit,
      Optional<Long> published,
      Optional<AbstractMetadata> oldMetadata,
      Optional<AbstractMetadata> newMetadata,
      Optional<AbstractProtocol> oldProtocol,
      Optional<AbstractProtocol> newProtocol,
      List<AbstractDomainMetadata> domains,
      Optional<UniformMetadata> uniform)
      throws CommitFailedException, UCCommitCoordinatorException {
    try {
      commits.commitOwn(
          tableId,
          new CommitRequest(
              tableUri.toString(),
              commit.map(InnerClient::ratified),
              published,
              Optional.empty(),
              Optional.empty()));
    } catch (TarnException e) {
      switch (e.code()) {
        case TABLE_DOES_NOT_EXIST -> throw new InvalidTargetTableException(e.getMessage());
        case RESOURCE_CONFLICT -> throw new CommitFailedException(true, true, e.getMessage(), e);
        case RESOURCE_EXHAUSTED -> throw new CommitLimitReachedException(e.getMessage());
        default -> throw new CommitFailedException(false, false, e.getMessage(), e);
      }
    }
  }

  private static RatifiedCommit ratified(Commit commit) {
    FileStatus file = commit.getFileStatus();
    return new RatifiedCommit(
        commit.getVersion(),
        commit.getCommitTimestamp(),
        file.getPath().getName(),
        file.getLen(),
        file.getModificationTime());
  }

  @Override
  public GetCommitsResponse getCommits(
      String tableId, URI tableUri, TableIdentifier name, Optional<Long> from, Optional<Long> to)
      throws UCCommitCoordinatorException {
    ManagedLog log;
    try {
      log = commits.logOwn(tableId, tableUri.toString(), from.orElse(0L), to);
    } catch (TarnException e) {
      throw new InvalidTargetTableException(e.getMessage());
    }
    Path folder =
        CoordinatedCommitsUtils.commitDirPath(
            CoordinatedCommitsUtils.logDirPath(new Path(tableUri)));
    return new GetCommitsResponse(
        log.commits().stream()
            .map(
                commit ->
                    new Commit(
                        commit.version(),
                        new FileStatus(
                            commit.fileSize(),
                            false,
                            0,
                            0,
                            commit.fileModificationTimestamp(),
                            new Path(folder, commit.fileName())),
                        commit.timestamp()))
            .toList(),
        log.latestVersion());
  }

  @Override
  public void finalizeCreate(
      String table,
      String catalog,
      String schema,
      String location,
      List<ColumnDef> columns,
      AbstractProtocol protocol,
      Map<String, String> properties,
      long timestamp,
      List<AbstractDomainMetadata> domains) {
    throw new UnsupportedOperationException("Tarn's catalog registers what its statements make.");
  }

  @Override
  public void close() {}
}
