package dev.tarn.govern.lineage;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.ColumnLineageDatasetFacetFieldsBuilder;
import io.openlineage.client.OpenLineage.DatasetFacets;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.InputField;
import io.openlineage.client.OpenLineage.RunEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Lineage in the words of OpenLineage.
 *
 * @see <a href="https://openlineage.io/spec/2-0-2/OpenLineage.json">The events</a>
 * @see <a href="https://openlineage.io/docs/spec/naming">How datasets are named</a>
 */
final class OpenLineageEvents {
  private static final URI PRODUCER = URI.create("https://tarn.dev");

  private final OpenLineage made = new OpenLineage(PRODUCER);
  private final String namespace;

  OpenLineageEvents(String namespace) {
    this.namespace = namespace;
  }

  /** The event that tells of a write. */
  RunEvent of(LineageEvent event) {
    String target = event.flow().target().orElseThrow().fullName();
    return made.newRunEventBuilder()
        .eventType(RunEvent.EventType.COMPLETE)
        .eventTime(event.time().atZone(ZoneOffset.UTC))
        .run(made.newRun(run(event, target), null))
        .job(made.newJob(namespace, job(event, target), null))
        .inputs(
            event.flow().sources().stream()
                .map(this::input)
                .sorted(Comparator.comparing(InputDataset::getName))
                .toList())
        .outputs(List.of(made.newOutputDataset(namespace, target, columns(event.flow()), null)))
        .build();
  }

  /** A job is what runs again: a flow of a pipeline, or whatever statement writes the table. */
  private static String job(LineageEvent event, String target) {
    return event.entity() == null
        ? "statement." + target
        : "pipeline." + event.entity().id() + '.' + target;
  }

  private static UUID run(LineageEvent event, String target) {
    String name =
        event.entity() == null ? event.statementId() : event.entity().runId() + '/' + target;
    return name == null
        ? UUID.randomUUID()
        : UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  private InputDataset input(Flow.Source source) {
    if (source.table() != null) {
      return made.newInputDataset(namespace, source.table().fullName(), null, null);
    }
    // Not parsed as a URI: names of files may hold what a URI may not.
    String path = source.path().replaceFirst("^file:/*", "/");
    int authority = path.indexOf("://");
    int name = authority < 0 ? 0 : path.indexOf('/', authority + "://".length());
    return name <= 0
        ? made.newInputDataset(authority < 0 ? "file" : path, path, null, null)
        : made.newInputDataset(path.substring(0, name), path.substring(name), null, null);
  }

  private DatasetFacets columns(Flow flow) {
    ColumnLineageDatasetFacetFieldsBuilder fields =
        made.newColumnLineageDatasetFacetFieldsBuilder();
    for (String column : flow.derived()) {
      List<InputField> from =
          flow.origins(column).stream()
              .map(c -> made.newInputField(namespace, c.table().fullName(), c.name(), null))
              .sorted(Comparator.comparing(InputField::getName).thenComparing(InputField::getField))
              .toList();
      fields.put(column, made.newColumnLineageDatasetFacetFieldsAdditional(from, null, null));
    }
    return made.newDatasetFacetsBuilder()
        .columnLineage(made.newColumnLineageDatasetFacet(fields.build(), null))
        .build();
  }
}
