/** Titles as CONTRIBUTING.md has them: `feat(objects): …`, `fix(libs/db): …`. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'subject-case': [0], // a title may begin with a name: Redis, PostgreSQL
    'body-max-line-length': [0],
    'footer-max-line-length': [0],
  },
};
