package dev.tarn.govern;

import dev.tarn.govern.catalog.DroppedTables;
import dev.tarn.govern.catalog.ForeignCatalogs;
import dev.tarn.govern.catalog.ManagedStorage;
import dev.tarn.govern.clones.Clones;
import dev.tarn.govern.commits.Commits;
import dev.tarn.govern.connections.Connections;
import dev.tarn.govern.credentials.Credentials;
import dev.tarn.govern.locations.ExternalLocations;
import dev.tarn.govern.metastore.Metastore;

/** What statements reach beside the namespace of catalogs and schemas. */
public record Facades(
    DroppedTables droppedTables,
    ExternalLocations externalLocations,
    Credentials credentials,
    Connections connections,
    ForeignCatalogs foreignCatalogs,
    Metastore metastore,
    Commits commits,
    Clones clones,
    ManagedStorage managedStorage) {}
