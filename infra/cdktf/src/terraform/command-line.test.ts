import { describe, expect, it } from '@jest/globals';
import { readRequest } from './command-line.ts';

describe('readRequest', () => {
  it('reads the command, its stacks and its options', () => {
    expect(readRequest(['deploy', 'network', 'data', '--approve', '--unprotected'], 'staging')).toEqual({
      ...{ command: 'deploy', environment: 'staging', stacks: ['network', 'data'] },
      ...{ isApproved: true, isSaved: false, isUnprotected: true },
    });
  });

  it('looks at dev where nothing is said', () => {
    expect(readRequest([], undefined)).toMatchObject({ command: 'diff', environment: 'dev', stacks: [] });
  });

  it.each(['deploy', 'destroy', 'bootstrap'])('changes nothing by %s where no environment is said', (command) => {
    expect(() => readRequest([command, '--approve'], undefined)).toThrow(
      `In which environment? Say so, such as npx nx run cdktf:${command}:dev`,
    );
  });

  it('says what it knows', () => {
    expect(() => readRequest(['apply'], 'dev')).toThrow('There is no command apply. There are diff, deploy');
    expect(() => readRequest(['deploy', '--force'], 'dev')).toThrow("Unknown option '--force'");
  });
});
