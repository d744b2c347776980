/*
 * The statements of Databricks SQL that Spark's grammar does not know and that act on the governed
 * namespace. Everything else goes to Spark unparsed.
 */
grammar TarnSql;

options { caseInsensitive = true; }

single : statement SEMICOLON* EOF ;

statement
  : CREATE CATALOG (IF NOT EXISTS)? name namespaceClause*                       # createCatalog
  | CREATE (SCHEMA | DATABASE) (IF NOT EXISTS)? qualifiedName namespaceClause*   # createSchema
  | ALTER (CATALOG | SCHEMA | DATABASE) qualifiedName
      SET MANAGED LOCATION location=STRING                                       # setManagedLocation
  | CREATE FOREIGN CATALOG (IF NOT EXISTS)? catalog=name USING connection source=name
      (COMMENT comment=STRING)? (OPTIONS connectionOptions)?                     # createForeignCatalog
  | ALTER CATALOG name OPTIONS connectionOptions                                 # alterForeignCatalog
  | DROP CATALOG (IF EXISTS)? name (CASCADE | RESTRICT)?                         # dropCatalog
  | SHOW CATALOGS (LIKE? pattern=STRING)?                                        # showCatalogs
  | CREATE EXTERNAL? VOLUME (IF NOT EXISTS)? qualifiedName
      (LOCATION location=STRING)? (COMMENT comment=STRING)?                      # createVolume
  | ALTER VOLUME volume=qualifiedName RENAME TO newName=qualifiedName            # renameVolume
  | DROP VOLUME (IF EXISTS)? qualifiedName                                       # dropVolume
  | SHOW VOLUMES ((IN | FROM) qualifiedName)? (LIKE? pattern=STRING)?            # showVolumes
  | GRANT privileges ON securable TO principal                                   # grant
  | REVOKE privileges ON securable FROM principal                                # revoke
  | SHOW (GRANTS | GRANT) principal? ON securable                                # showGrants
  | USE CATALOG (name | text=STRING)                                             # useCatalog
  | (DESC | DESCRIBE) CATALOG EXTENDED? name                                     # describeCatalog
  | (DESC | DESCRIBE) VOLUME qualifiedName                                       # describeVolume
  | (DESC | DESCRIBE) TABLE? (EXTENDED | FORMATTED) qualifiedName AS JSON        # describeAsJson
  | SHOW CREATE TABLE qualifiedName                                              # showCreateTable
  | SHOW VIEWS ((IN | FROM) qualifiedName)? (LIKE? pattern=STRING)?              # showViews
  | ALTER (SCHEMA | DATABASE) qualifiedName SET (DBPROPERTIES | PROPERTIES)
      OPEN property (COMMA property)* CLOSE                                      # setProperties
  | ALTER (SCHEMA | DATABASE) qualifiedName UNSET (DBPROPERTIES | PROPERTIES) (IF EXISTS)?
      OPEN propertyKey (COMMA propertyKey)* CLOSE                                # unsetProperties
  | DROP (MATERIALIZED VIEW | STREAMING TABLE) (IF EXISTS)? qualifiedName        # dropComputed
  | COMMENT ON (CATALOG | SCHEMA | DATABASE | VOLUME | relation | FUNCTION) qualifiedName
      IS (comment=STRING | NULL)                                                 # commentOn
  | COMMENT ON COLUMN qualifiedName IS (comment=STRING | NULL)                   # commentOnColumn
  | ALTER (MATERIALIZED VIEW | STREAMING TABLE) table=qualifiedName
      ALTER COLUMN? column=qualifiedName COMMENT comment=STRING                  # alterComment
  | ALTER (CATALOG | SCHEMA | DATABASE | VOLUME | relation | FUNCTION) qualifiedName
      SET? OWNER TO principal                                                    # setOwner
  | ALTER taggable SET TAGS OPEN tag (COMMA tag)* CLOSE                          # setTags
  | ALTER taggable UNSET TAGS OPEN STRING (COMMA STRING)* CLOSE                  # unsetTags
  | ALTER relation qualifiedName ALTER COLUMN? column=qualifiedName
      SET TAGS OPEN tag (COMMA tag)* CLOSE                                       # setColumnTags
  | ALTER relation qualifiedName ALTER COLUMN? column=qualifiedName
      UNSET TAGS OPEN STRING (COMMA STRING)* CLOSE                               # unsetColumnTags
  | SET TAG ON taggable key=name (EQUAL (value=name | text=STRING))?             # setTag
  | UNSET TAG ON taggable key=name                                               # unsetTag
  | ALTER relation qualifiedName SET rowFilter                                      # setRowFilter
  | ALTER relation qualifiedName DROP ROW FILTER                                    # dropRowFilter
  | ALTER relation qualifiedName ALTER COLUMN? name SET mask                        # setMask
  | ALTER relation qualifiedName ALTER COLUMN? name DROP MASK                       # dropMask
  | ALTER TABLE qualifiedName DROP PRIMARY KEY (IF EXISTS)? (CASCADE | RESTRICT)? # dropPrimaryKey
  | ALTER TABLE qualifiedName DROP FOREIGN KEY (IF EXISTS)?
      OPEN name (COMMA name)* CLOSE (CASCADE | RESTRICT)?                        # dropForeignKey
  | CREATE (OR REPLACE)? POLICY policy=name ON policyScope (COMMENT comment=STRING)?
      (ROW FILTER | COLUMN MASK) function=qualifiedName
      TO principals (EXCEPT except=principals)? FOR TABLES
      (WHEN condition)? (MATCH COLUMNS matched (COMMA matched)*)?
      (ON COLUMN column=name)? (USING COLUMNS filterArguments)?                  # createPolicy
  | DROP POLICY (IF EXISTS)? policy=name ON policyScope                          # dropPolicy
  | SHOW EFFECTIVE? POLICIES ON policyScope                                      # showPolicies
  | (DESC | DESCRIBE) POLICY policy=name ON policyScope                          # describePolicy
  | UNDROP (TABLE | MATERIALIZED VIEW) (WITH ID id=STRING | qualifiedName)       # undrop
  | REFRESH FOREIGN (CATALOG | SCHEMA | DATABASE | TABLE) qualifiedName          # refreshForeign
  | SHOW TABLES DROPPED ((IN | FROM) qualifiedName)? (LIMIT most=BARE)?          # showDropped
  | CREATE (STORAGE | SERVICE) CREDENTIAL (IF NOT EXISTS)? name
      WITH OPEN setting (COMMA setting)* CLOSE (COMMENT comment=STRING)?         # createCredential
  | ALTER credential RENAME TO newName=name                                      # renameCredential
  | ALTER credential SET? OWNER TO principal                                     # ownCredential
  | DROP credentialKind (IF EXISTS)? name FORCE?                                 # dropCredential
  | (DESC | DESCRIBE) credential                                                 # describeCredential
  | SHOW (STORAGE | SERVICE)? CREDENTIALS (LIKE? pattern=STRING)?                # showCredentials
  | CREATE EXTERNAL LOCATION (IF NOT EXISTS)? name URL url=STRING
      WITH OPEN STORAGE? CREDENTIAL key=name CLOSE (COMMENT comment=STRING)?     # createLocation
  | ALTER EXTERNAL LOCATION name
      ( RENAME TO newName=name
      | SET URL url=STRING FORCE?
      | SET STORAGE? CREDENTIAL key=name
      | SET? OWNER TO principal )                                                # alterLocation
  | DROP EXTERNAL LOCATION (IF EXISTS)? name FORCE?                              # dropLocation
  | (DESC | DESCRIBE) EXTERNAL LOCATION name                                     # describeLocation
  | SHOW EXTERNAL LOCATIONS (LIKE? pattern=STRING)?                              # showLocations
  | COMMENT ON (EXTERNAL LOCATION name | credential)
      IS (comment=STRING | NULL)                                                 # commentOnStorage
  | CREATE connection (IF NOT EXISTS)? name TYPE type=name
      OPTIONS connectionOptions (COMMENT comment=STRING)?                                  # createConnection
  | ALTER connection name
      (RENAME TO newName=name | OPTIONS connectionOptions | SET? OWNER TO principal)       # alterConnection
  | DROP connection (IF EXISTS)? name                                            # dropConnection
  | (DESC | DESCRIBE) connection EXTENDED? name                                  # describeConnection
  | SHOW CONNECTIONS (LIKE? pattern=STRING)?                                     # showConnections
  | COMMENT ON connection name IS (comment=STRING | NULL)                        # commentOnConnection
  | COPY INTO target=qualifiedName (BY POSITION | OPEN name (COMMA name)* CLOSE)?
      FROM (copySource | OPEN SELECT copyExpressions FROM copySource CLOSE)
      FILEFORMAT EQUAL format=name
      (VALIDATE (ALL | rows=BARE ROWS)?)?
      (FILES EQUAL OPEN STRING (COMMA STRING)* CLOSE | PATTERN EQUAL pattern=STRING)?
      (FORMAT_OPTIONS formatOptions=copyOptions)?
      (COPY_OPTIONS options=copyOptions)?                                        # copyInto
  ;

copySource : path=(STRING | QUOTED) (WITH copyPart+)? ;
copyExpressions : ( ~(OPEN | CLOSE | FROM | SEMICOLON) | copyPart )+ ;
copyPart : OPEN ( ~(OPEN | CLOSE | SEMICOLON) | copyPart )* CLOSE ;
copyOptions : OPEN copyOption (COMMA copyOption)* CLOSE ;
copyOption : (key=STRING | name) EQUAL copyValue ;
copyValue : STRING | name ;

relation : TABLE | VIEW | MATERIALIZED VIEW | STREAMING TABLE ;
connection : CONNECTION | SERVER ;
namespaceClause
  : MANAGED LOCATION location=STRING
  | COMMENT comment=STRING
  | WITH (DBPROPERTIES | PROPERTIES) OPEN property (COMMA property)* CLOSE
  ;
property : propertyKey EQUAL? value=STRING ;
propertyKey : qualifiedName | STRING ;

credentialKind : (STORAGE | SERVICE)? CREDENTIAL ;
credential : credentialKind name ;
setting : key=name EQUAL value=STRING ;
connectionOptions : OPEN connectionOption (COMMA connectionOption)* CLOSE ;
connectionOption : key=name EQUAL? value=STRING ;

taggable
  : CATALOG name
  | (SCHEMA | DATABASE) qualifiedName
  | VOLUME qualifiedName
  | FUNCTION qualifiedName
  | relation qualifiedName
  | COLUMN qualifiedName
  ;

tag : key=STRING (EQUAL value=STRING)? ;

rowFilter : ROW FILTER qualifiedName ON filterArguments ;
mask : MASK qualifiedName (USING COLUMNS filterArguments)? ;
filterArguments : OPEN (filterArgument (COMMA filterArgument)*)? CLOSE ;
filterArgument : ~(OPEN | CLOSE | COMMA | SEMICOLON)+ ;

privileges : privilege (COMMA privilege)* ;
privilege : word+ ;

securable
  : METASTORE                                   # onMetastore
  | CATALOG name?                               # onCatalog
  | (SCHEMA | DATABASE) qualifiedName           # onSchema
  | VOLUME qualifiedName                        # onVolume
  | (FUNCTION | REGISTERED? MODEL) qualifiedName # onFunction
  | EXTERNAL LOCATION name                      # onExternalLocation
  | credential                                  # onCredential
  | connection name                             # onConnection
  | relation? qualifiedName                     # onTable
  ;

policyScope
  : CATALOG name
  | (SCHEMA | DATABASE) qualifiedName
  | TABLE qualifiedName
  ;

principals : principal (COMMA principal)* ;

condition
  : NOT condition
  | condition AND condition
  | condition OR condition
  | OPEN condition CLOSE
  | name OPEN STRING (COMMA STRING)* CLOSE
  | name
  ;

matched : condition (AS? alias=name)? ;

principal : name ;
qualifiedName : name (DOT name)* ;
name : word | QUOTED | BARE ;

word
  : IDENTIFIER | CREATE | DROP | SHOW | CATALOG | CATALOGS | VOLUME | VOLUMES | IF | NOT | EXISTS
  | COMMENT | CASCADE | RESTRICT | EXTERNAL | LOCATION | IN | FROM | LIKE | GRANT | REVOKE | GRANTS
  | ON | TO | METASTORE | SCHEMA | DATABASE | TABLE | VIEW | USE | DESC | DESCRIBE | EXTENDED
  | FORMATTED | AS | JSON | VIEWS | IS | NULL | COLUMN | ALTER | SET | OWNER
  | FUNCTION | UNSET | TAG | TAGS | PRIMARY | FOREIGN | KEY | ROW | FILTER | MASK | USING | COLUMNS
  | OR | REPLACE | POLICY | POLICIES | EFFECTIVE | EXCEPT | FOR | TABLES | WHEN | MATCH | AND
  | UNDROP | MATERIALIZED | WITH | ID | DROPPED | LIMIT
  | STORAGE | SERVICE | CREDENTIAL | CREDENTIALS | LOCATIONS | URL | RENAME | FORCE
  | CONNECTION | CONNECTIONS | TYPE | OPTIONS | SERVER
  | REFRESH | STREAMING | REGISTERED | MODEL | DBPROPERTIES | PROPERTIES | MANAGED
  | COPY | INTO | BY | POSITION | SELECT | FILEFORMAT | VALIDATE | ALL | ROWS | FILES | PATTERN
  | FORMAT_OPTIONS | COPY_OPTIONS
  ;

CREATE : 'CREATE' ;
DROP : 'DROP' ;
SHOW : 'SHOW' ;
CATALOG : 'CATALOG' ;
CATALOGS : 'CATALOGS' ;
VOLUME : 'VOLUME' ;
VOLUMES : 'VOLUMES' ;
IF : 'IF' ;
NOT : 'NOT' ;
EXISTS : 'EXISTS' ;
COMMENT : 'COMMENT' ;
CASCADE : 'CASCADE' ;
RESTRICT : 'RESTRICT' ;
EXTERNAL : 'EXTERNAL' ;
LOCATION : 'LOCATION' ;
IN : 'IN' ;
FROM : 'FROM' ;
LIKE : 'LIKE' ;
GRANT : 'GRANT' ;
REVOKE : 'REVOKE' ;
GRANTS : 'GRANTS' ;
ON : 'ON' ;
TO : 'TO' ;
METASTORE : 'METASTORE' ;
SCHEMA : 'SCHEMA' ;
DATABASE : 'DATABASE' ;
TABLE : 'TABLE' ;
VIEW : 'VIEW' ;
USE : 'USE' ;
DESC : 'DESC' ;
DESCRIBE : 'DESCRIBE' ;
EXTENDED : 'EXTENDED' ;
FORMATTED : 'FORMATTED' ;
AS : 'AS' ;
JSON : 'JSON' ;
VIEWS : 'VIEWS' ;
IS : 'IS' ;
NULL : 'NULL' ;
COLUMN : 'COLUMN' ;
ALTER : 'ALTER' ;
SET : 'SET' ;
OWNER : 'OWNER' ;
FUNCTION : 'FUNCTION' ;
UNDROP : 'UNDROP' ;
REFRESH : 'REFRESH' ;
MATERIALIZED : 'MATERIALIZED' ;
WITH : 'WITH' ;
ID : 'ID' ;
TABLES : 'TABLES' ;
DROPPED : 'DROPPED' ;
LIMIT : 'LIMIT' ;
STORAGE : 'STORAGE' ;
SERVICE : 'SERVICE' ;
CREDENTIAL : 'CREDENTIAL' ;
CREDENTIALS : 'CREDENTIALS' ;
LOCATIONS : 'LOCATIONS' ;
URL : 'URL' ;
RENAME : 'RENAME' ;
FORCE : 'FORCE' ;
CONNECTION : 'CONNECTION' ;
CONNECTIONS : 'CONNECTIONS' ;
TYPE : 'TYPE' ;
OPTIONS : 'OPTIONS' ;
SERVER : 'SERVER' ;
STREAMING : 'STREAMING' ;
REGISTERED : 'REGISTERED' ;
MODEL : 'MODEL' ;
DBPROPERTIES : 'DBPROPERTIES' ;
PROPERTIES : 'PROPERTIES' ;
MANAGED : 'MANAGED' ;
UNSET : 'UNSET' ;
TAG : 'TAG' ;
TAGS : 'TAGS' ;
ROW : 'ROW' ;
FILTER : 'FILTER' ;
MASK : 'MASK' ;
USING : 'USING' ;
COLUMNS : 'COLUMNS' ;
OR : 'OR' ;
REPLACE : 'REPLACE' ;
POLICY : 'POLICY' ;
POLICIES : 'POLICIES' ;
EFFECTIVE : 'EFFECTIVE' ;
EXCEPT : 'EXCEPT' ;
FOR : 'FOR' ;
WHEN : 'WHEN' ;
MATCH : 'MATCH' ;
AND : 'AND' ;
PRIMARY : 'PRIMARY' ;
FOREIGN : 'FOREIGN' ;
KEY : 'KEY' ;
COPY : 'COPY' ;
INTO : 'INTO' ;
BY : 'BY' ;
POSITION : 'POSITION' ;
SELECT : 'SELECT' ;
FILEFORMAT : 'FILEFORMAT' ;
VALIDATE : 'VALIDATE' ;
ALL : 'ALL' ;
ROWS : 'ROWS' ;
FILES : 'FILES' ;
PATTERN : 'PATTERN' ;
FORMAT_OPTIONS : 'FORMAT_OPTIONS' ;
COPY_OPTIONS : 'COPY_OPTIONS' ;

DOT : '.' ;
COMMA : ',' ;
OPEN : '(' ;
CLOSE : ')' ;
EQUAL : '=' ;
SEMICOLON : ';' ;
STRING : '\'' ( '\'\'' | '\\' . | ~['\\] )* '\'' | '"' ( '\\' . | ~["\\] )* '"' ;
QUOTED : '`' ( '``' | ~'`' )* '`' ;
IDENTIFIER : [\p{L}_] [\p{L}\p{N}_]* ;
/* A principal such as an e-mail address or an application id, written without back quotes. */
BARE : [\p{L}\p{N}_] [\p{L}\p{N}_@-]* ;

LINE_COMMENT : '--' ~[\r\n]* -> skip ;
BLOCK_COMMENT : '/*' .*? '*/' -> skip ;
SPACE : [ \t\r\n\u00A0]+ -> skip ;
OTHER : . ;
