import { describe, expect, it } from '@jest/globals';
import { givenRole, grantedTo } from '../../../test/given-role.ts';
import { givenStack, type GivenStack } from '../../../test/given-stack.ts';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { asAttributes } from '../../policy/resource-graph.ts';
import { AlertTopic } from './alert-topic.ts';
import { EncryptionKey } from './encryption-key.ts';
import type { PostgresCredentials } from './postgres-credentials.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { SecurityGroup } from './security-group.ts';

const managed: PostgresCredentials = { password: 'managed', readReplica: false };
const writeOnly: PostgresCredentials = { password: 'write-only', passwordVersion: 3, readReplica: true };

describe('the type of the credentials', () => {
  it('has no managed password with a replica, which RDS refuses', () => {
    // @ts-expect-error: RDS makes no replica of a database whose password it manages.
    const impossible: PostgresCredentials = { password: 'managed', readReplica: true };
    expect(impossible).toBeDefined();
  });
});

describe('who may connect', () => {
  it('may do so as that user alone', () => {
    const graph = givenStack((stack) => givenDatabase(stack, managed).grantConnect(givenRole(stack), 'stowage_api'));
    expect(grantedTo(graph)).toEqual([
      {
        actions: ['rds-db:connect'],
        on: expect.stringMatching(
          /^arn:aws:rds-db:us-east-1:111111111111:dbuser:\$\{aws_db_instance\.\w+\.resource_id\}\/stowage_api$/,
        ),
      },
    ]);
  });

  it('may do so at the replica too', () => {
    const graph = givenStack((stack) => givenDatabase(stack, writeOnly).grantConnect(givenRole(stack), 'stowage_api'));
    const [grant] = grantedTo(graph);
    expect(grant?.on.split(',')).toEqual([expect.stringContaining('Primary'), expect.stringContaining('Replica')]);
  });
});

describe('a write-only password', () => {
  it('is given to RDS and to Secrets Manager under one version, so that raising it changes both', () => {
    const graph = givenStack((stack) => givenDatabase(stack, writeOnly));
    expect(graph.at('given/Database/Primary').attributes.password_wo_version).toBe(3);
    expect(graph.at('given/Database/Password/Version').attributes.secret_string_wo_version).toBe(3);
  });

  it('reaches RDS as it is stored, whichever run it was that stored it', () => {
    const graph = givenStack((stack) => givenDatabase(stack, writeOnly));
    const version = `aws_secretsmanager_secret_version.${graph.at('given/Database/Password/Version').logicalName}`;
    const { ephemeral } = graph.stack('given').terraform;
    expect(asAttributes(ephemeral).aws_secretsmanager_secret_version).toEqual({
      database_password: { secret_id: `\${${version}.secret_id}`, version_id: `\${${version}.version_id}` },
    });
    expect(graph.at('given/Database/Primary').attributes.password_wo).toBe(
      '${jsondecode(ephemeral.aws_secretsmanager_secret_version.database_password.secret_string).password}',
    );
  });
});

function givenDatabase(stack: GivenStack, credentials: PostgresCredentials): PostgresDatabase {
  const vpc = new Vpc(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
  const key = new EncryptionKey(stack, 'Key', { name: 'given', description: 'Given by a test' });
  return new PostgresDatabase(stack, 'Database', {
    subnets: [new Subnet(stack, 'Subnet', { vpcId: vpc.id, cidrBlock: '10.0.0.0/24' })],
    securityGroup: new SecurityGroup(stack, 'Group', { vpc, name: 'database', description: 'PostgreSQL' }),
    ...{ key, secretsKey: key, logsKey: key, logRetentionDays: 30 },
    alerts: new AlertTopic(stack, 'Alerts', { name: 'alerts', emails: [] }),
    ...{ majorVersion: '17', instanceClass: 'db.t3.small', storageGb: 20, maxStorageGb: 50 },
    ...{ multiAz: false, credentials, backupDays: 7, isProtected: false },
  });
}
