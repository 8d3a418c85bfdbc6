import { ElasticacheUser } from '@cdktf/provider-aws/lib/elasticache-user/index.js';
import { ElasticacheUserGroup } from '@cdktf/provider-aws/lib/elasticache-user-group/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';

/** What a program needs that keeps entries and runs scripts; nothing that looks at or changes the server or other clients. */
const programCommands = 'on ~* resetchannels -@all +@read +@write +@scripting +@connection +time -@dangerous';

/** A user nobody can be. */
const nothing = 'off ~* resetchannels -@all';

/** Who may sign in: programs, by IAM tokens. The user `default`, which Redis signs in without asking, is off. */
export class RedisUsers extends Construct {
  readonly groupId: string;
  readonly #users: ReadonlyMap<string, ElasticacheUser>;

  constructor(scope: Construct, id: string, programs: readonly string[]) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const defaultUser = new ElasticacheUser(this, 'Default', {
      userId: stack.resourceName('default', 'cacheGroup'),
      userName: 'default',
      engine: 'redis',
      accessString: nothing,
      authenticationMode: { type: 'no-password-required' },
    });
    this.#users = new Map(programs.map((program) => [program, this.#addProgram(program)]));
    const group = new ElasticacheUserGroup(this, 'Group', {
      userGroupId: stack.resourceName('programs', 'cacheGroup'),
      engine: 'redis',
      userIds: [defaultUser.userId, ...[...this.#users.values()].map(({ userId }) => userId)],
    });
    this.groupId = group.userGroupId;
  }

  /** The user of a program. Throws when the cache was made without it. */
  user(program: string): ElasticacheUser {
    const found = this.#users.get(program);
    if (found === undefined)
      throw new Error(`The cache has no user for "${program}", only for ${[...this.#users.keys()].join(', ')}.`);
    return found;
  }

  /** With IAM the name must be the id. */
  #addProgram(program: string): ElasticacheUser {
    const userId = BaseStack.of(this).resourceName(program, 'cacheGroup');
    return new ElasticacheUser(this, `User-${program}`, {
      ...{ userId, userName: userId, engine: 'redis' },
      accessString: programCommands,
      authenticationMode: { type: 'iam' },
    });
  }
}
