module dagger/desk

go 1.26.1
