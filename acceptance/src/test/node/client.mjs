// A stranger's program: knows @databricks/sql and nothing of Tarn.
//
// Reads SQL_HOST, SQL_PORT, SQL_PATH and SQL_TOKEN (or SQL_CLIENT_ID and SQL_CLIENT_SECRET) from the environment; the
// certificate authority comes by NODE_EXTRA_CA_CERTS. Holds one session and reads a step per line from standard input: a
// verb and its arguments, parted by tabs and percent-encoded. Prints a JSON array per row, then ".", or
// "!SQLSTATE<tab>message" if the step failed.
import { createInterface } from 'node:readline';
import { DBSQLClient } from '@databricks/sql';

const env = process.env;

function text(value) {
  if (value === null || value === undefined) {
    return null;
  }
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex');
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (typeof value === 'object') {
    return JSON.stringify(value, (key, part) => (typeof part === 'bigint' ? part.toString() : part));
  }
  return String(value);
}

function print(cells) {
  process.stdout.write(JSON.stringify(cells) + '\n');
}

async function rows(operation) {
  try {
    for (const row of await operation.fetchAll()) {
      print(Object.values(row).map(text));
    }
  } finally {
    await operation.close();
  }
}

async function count(operation) {
  let seen = 0;
  do {
    seen += (await operation.fetchChunk({ maxRows: 100000 })).length;
  } while (await operation.hasMoreRows());
  await operation.close();
  print([String(seen)]);
}

async function cancelled(session, sql) {
  const operation = await session.executeStatement(sql, { runAsync: true });
  const ended = operation.finished();
  const refused = ended.then(
    () => 'finished',
    (error) => error.constructor.name,
  );
  await operation.cancel();
  print([await refused]);
}

const verbs = {
  query: async (session, sql) => rows(await session.executeStatement(sql)),
  parameters: async (session, sql, ...values) =>
    rows(await session.executeStatement(sql, { ordinalParameters: values })),
  type: async (session, sql) => {
    const operation = await session.executeStatement(sql);
    const schema = await operation.getSchema();
    schema.columns.forEach((column) => print([String(column.typeDesc.types[0].primitiveEntry.type)]));
    await operation.close();
  },
  count: async (session, sql) => count(await session.executeStatement(sql)),
  cancel: cancelled,
  catalogs: async (session) => rows(await session.getCatalogs()),
  schemas: async (session, catalogName) => rows(await session.getSchemas({ catalogName })),
  tables: async (session, catalogName, schemaName) => rows(await session.getTables({ catalogName, schemaName })),
  columns: async (session, catalogName, schemaName, tableName) =>
    rows(await session.getColumns({ catalogName, schemaName, tableName })),
};

function failed(error) {
  const state = /SQLSTATE: (\w{5})/.exec(error.message)?.[1] ?? error.name;
  process.stdout.write(`!${state}\t${error.message.replaceAll('\n', ' ')}\n`);
}

const quiet = { log: () => {} };
const login = env.SQL_CLIENT_ID
  ? { authType: 'databricks-oauth', oauthClientId: env.SQL_CLIENT_ID, oauthClientSecret: env.SQL_CLIENT_SECRET }
  : { token: env.SQL_TOKEN };
const client = new DBSQLClient({ logger: quiet });
let session;
for await (const line of createInterface({ input: process.stdin })) {
  try {
    if (!session) {
      await client.connect({ host: env.SQL_HOST, port: Number(env.SQL_PORT), path: env.SQL_PATH, ...login });
      session = await client.openSession({});
    }
    const [verb, ...parts] = line.split('\t').map(decodeURIComponent);
    await verbs[verb](session, ...parts);
    process.stdout.write('.\n');
  } catch (error) {
    failed(error);
  }
}
await session?.close();
await client.close();
process.exit(0);
