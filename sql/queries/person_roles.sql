-- The roles a person holds.
SELECT
    role,
    full_name
FROM core.role_member
WHERE person = :person
ORDER BY role;
