-- Everybody who holds a role, one row a person.
SELECT
    person,
    min(full_name) AS full_name,
    array_agg(CAST(role AS text) ORDER BY role) AS roles
FROM core.role_member
GROUP BY person
ORDER BY person;
