// Questions in words, and what they are asked with.
import { expect, it } from "vitest";
import { datasetOf, datasetWhat, readQuestion, readWhat, readWho, unknownWords, writeWhat } from "./question";

const me = { kind: "user", name: "eve", auth: "session", groups: [], roles: [], acts: [], actsOnOwn: ["policy:decide"] };
const none = { who: "", do: "dataset:read", what: "", purpose: "", at: "" };

it("asks about whoever asks and whatever the act is about, where nothing else is said", () => {
  expect(readQuestion(none, me)).toEqual({ principal: { reference: "user:eve" }, action: "dataset:read", resource: { kind: "dataset" }, context: { auth: "session" } });
});

it("reads the words of cases", () => {
  expect(readWho("user:x role:viewer@clinical/* role:auditor group:g auth:mfa scope:dataset:* ns:a ns:b*")).toEqual({
    principal: { reference: "user:x", roles: [{ role: "viewer", domain: "clinical/*" }, { role: "auditor" }], groups: ["g"], scopes: "dataset:*", namespaces: ["a", "b*"] },
    auth: "mfa",
  });
  expect(readWho("ann").principal.reference).toBe("user:ann");
  expect(readWho("anonymous").principal.reference).toBe("anonymous");
  const written = "dataset ns:postgres://db:5432 domain:clinical tag:restricted class:user.name owner:team:sales unreadable";
  expect(writeWhat(readWhat(written, "dataset:read"))).toBe(written);
});

it("tells words that it does not know", () => {
  expect(unknownWords("user:ann rolle:viewer auth:mfa", "who")).toEqual(["rolle:viewer"]);
  expect(unknownWords("dataset orders", "what")).toEqual(["orders"]);
  expect(unknownWords("dataset unreadable", "what")).toEqual([]);
  expect(unknownWords("user:ann unreadable", "who")).toEqual(["unreadable"]);
  expect(unknownWords(datasetWhat("a", "b"), "what")).toEqual([]);
});

it.each([["sqlite:///a b/%2F", "täble named x"], ["dataset", "named"], ["", "x"]])("carries the dataset %j %j through", (namespace, name) => {
  const what = datasetWhat(namespace, name);
  expect(datasetOf(what)).toEqual(namespace === "" ? null : { namespace, name });
  expect("dataset" in readQuestion({ ...none, what }, me)).toBe(namespace !== "");
});

it("falls back to attributes where a dataset is written badly", () => {
  expect(datasetOf("dataset %zz named b")).toBeNull();
});
