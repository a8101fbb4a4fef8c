"""Who answers for what in each life domain: the table of responsibility (verantwoordelijkheidstabel)."""
