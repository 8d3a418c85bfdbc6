import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group/index.js';
import type { Construct } from 'constructs';

/** Parameters that PostgreSQL reads at start alone. */
const readAtStart: Readonly<Record<string, string>> = {
  shared_preload_libraries: 'pg_stat_statements,auto_explain',
};

const readAnytime: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  // What is slow, with its plan. Bound values are left out: they are customers' data.
  log_min_duration_statement: '1000',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  'auto_explain.log_min_duration': '1000',
  'auto_explain.log_format': 'json',
  'auto_explain.log_nested_statements': '1',
  'pg_stat_statements.track': 'all',
  // Who changed the schema, who came, who waited.
  log_statement: 'ddl',
  log_connections: '1',
  log_disconnections: '1',
  log_lock_waits: '1',
  log_autovacuum_min_duration: '10000',
  log_temp_files: '10240',
  // A client that vanished in a transaction holds its locks no longer than this.
  idle_in_transaction_session_timeout: '60000',
};

export interface ParameterGroupProps {
  /** Name of the database instance. */
  readonly name: string;
  readonly majorVersion: string;
}

/** How our PostgreSQL runs: TLS only, slow statements and changes of the schema on record. Values in milliseconds and KiB. */
export function addParameterGroup(scope: Construct, { name, majorVersion }: ParameterGroupProps): DbParameterGroup {
  const entries = (parameters: Readonly<Record<string, string>>, applyMethod: string) =>
    Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value, applyMethod }));
  return new DbParameterGroup(scope, 'Parameters', {
    // The next one is made before the database lets go of this one.
    namePrefix: `${name}-${majorVersion}-`,
    family: `postgres${majorVersion}`,
    description: 'TLS only; slow statements and changes of the schema are logged',
    parameter: [...entries(readAtStart, 'pending-reboot'), ...entries(readAnytime, 'immediate')],
    lifecycle: { createBeforeDestroy: true },
  });
}
