// Changes a JSON value as RFC 6902 says: add, remove, replace.

export function patched(value, changes) {
  for (const { op, path, value: given } of changes) {
    const names = path.split("/").slice(1).map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = names.pop();
    const parent = names.reduce((one, name) => one[name], value);
    if (Array.isArray(parent)) {
      parent.splice(Number(last), op === "add" ? 0 : 1, ...(op === "remove" ? [] : [given]));
    } else if (op === "remove") {
      delete parent[last];
    } else {
      parent[last] = given;
    }
  }
  return value;
}
