// Which tags tell of personal data.
import { expect, it } from "vitest";
import { personalData, splitTags } from "./personal_data";

it("knows classes and marks, however they are written", () => {
  expect(personalData("class:user.contact.email")).toMatchObject({ path: "contact.email", isSpecial: false });
  expect(personalData("PII:USER.CONTACT.EMAIL")?.path).toBe("contact.email");
  expect(personalData("pii")?.path).toBe("");
  expect(personalData("pii:user.health_and_medical")?.isSpecial).toBe(true);
  expect(personalData("pii:user.demographic.race_ethnicity")?.isSpecial).toBe(true);
});

it("takes nothing else for personal data", () => {
  for (const tag of ["layer:gold", "classified", "piize", "domain:health"]) expect(personalData(tag)).toBeNull();
});

it("names each class once, special ones first", () => {
  const { personal, others } = splitTags(["gold", "pii:user.name", "class:user.name", "class:user.genetic"]);
  expect(personal.map((one) => one.path)).toEqual(["genetic", "name"]);
  expect(others).toEqual(["gold"]);
});
